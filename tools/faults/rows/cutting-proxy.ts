import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/**
 * Stands before a server and breaks the connection in the middle of an answer: after that many bytes
 * of it, status line and headers included, with a reset, as a network does that goes away.
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
    // A TCP server that listens has an address of this kind.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Everything goes on to this server of the same machine. */
  leadTo(baseUrl: string): void {
    this.#target = Number(new URL(baseUrl).port);
  }

  /** The next answer to a refresh is cut after so many bytes; the later ones are not. */
  cutNext(bytes: number): void {
    this.#cutAt = bytes;
  }

  /** Whether the cut is still to come. */
  get isArmed(): boolean {
    return this.#cutAt !== null;
  }

  /** How many bytes the last answer to a refresh had. */
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
      // One end went away: so does the other. Why does not matter here.
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
