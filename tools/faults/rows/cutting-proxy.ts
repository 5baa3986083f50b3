import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/**
 * A proxy that cuts the response to a refresh: after the given number of bytes, status line and
 * headers included, it resets the connection, like a network that goes away.
 */
export class CuttingProxy {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #target = 0;
  #cutAt: number | null = null;
  #length = 0;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async start(): Promise<CuttingProxy> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new CuttingProxy(server);
  }

  get baseUrl(): string {
    // A listening TCP server has an address of this type.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Forwards everything to this server on the same machine. */
  leadTo(baseUrl: string): void {
    this.#target = Number(new URL(baseUrl).port);
  }

  /** Cuts the next response to a refresh after this many bytes; later ones pass. */
  cutNext(bytes: number): void {
    this.#cutAt = bytes;
  }

  /** Whether the cut is still to come. */
  get isArmed(): boolean {
    return this.#cutAt !== null;
  }

  /** The number of bytes in the last response to a refresh. */
  get lastLength(): number {
    return this.#length;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((over) => this.#server.close(() => over()));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  #serve(client: Socket): void {
    const server = connect(this.#target, '127.0.0.1');
    for (const socket of [client, server]) {
      this.#open.add(socket);
      socket.setNoDelay(true);
      // One end closed: close the other as well. The reason doesn't matter here.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#open.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    let isRefresh = false;
    let left: number | null = null;
    client.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1');
      if (text.includes('grant_type=refresh_token')) {
        isRefresh = true;
        this.#length = 0;
        left = this.#cutAt;
        this.#cutAt = null;
      } else if (/^(?:GET|POST) /.test(text)) isRefresh = false;
      server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => {
      if (isRefresh) this.#length += chunk.length;
      if (left === null) {
        client.write(chunk);
        return;
      }
      const part = chunk.subarray(0, left);
      left -= part.length;
      if (left > 0) client.write(part);
      else client.write(part, () => client.resetAndDestroy());
    });
  }
}
