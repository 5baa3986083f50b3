import { Clients } from './auth/clients.ts';
import { DeviceGrants } from './auth/grants.ts';
import type { ServerContext } from './personality.ts';
import { Sessions } from './auth/sessions.ts';

/** What a family stores. */
export type Database = Readonly<{
  context: ServerContext;
  clients: Clients;
  grants: DeviceGrants;
  sessions: Sessions;
  /** Localparts of locked users. */
  locked: Set<string>;
}>;

/** An empty database. */
export function createDatabase(context: ServerContext): Database {
  return {
    context,
    clients: new Clients(),
    grants: new DeviceGrants(),
    sessions: new Sessions(),
    locked: new Set(),
  };
}
