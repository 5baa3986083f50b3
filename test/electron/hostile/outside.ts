import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A server on TCP and UDP that a page must not reach. */
export interface Outside {
  readonly port: number;
  /** What arrived, in order: connections, the data on them, and packets. */
  arrived(): readonly ('connection' | 'packet')[];
  /** Connects by TCP and UDP, so that a test can check that arrivals are recorded. */
  knock(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the server on loopback. */
export async function startOutside(): Promise<Outside> {
  const arrived: ('connection' | 'packet')[] = [];
  const open = new Set<Socket>();
  const tcp = createServer((socket) => {
    arrived.push('connection');
    open.add(socket.on('error', () => undefined)); // whoever breaks off has arrived all the same
  });
  await once(tcp.listen(0, '127.0.0.1'), 'listening');
  const { port } = tcp.address() as AddressInfo; // it listens on a port, not on a pipe
  const udp = createSocket('udp4').on('message', () => arrived.push('packet'));
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  return {
    port,
    arrived: () => arrived,
    knock: async () => {
      const seen = once(udp, 'message');
      const socket = connect(port, '127.0.0.1');
      await Promise.all([once(tcp, 'connection'), once(socket, 'connect')]);
      socket.destroy();
      const sender = createSocket('udp4');
      sender.send('knock', port, '127.0.0.1');
      await seen;
      sender.close();
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      udp.close();
      tcp.close();
      await once(tcp, 'close');
    },
  };
}
