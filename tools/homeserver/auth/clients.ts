/** A registered client. */
export type Client = Readonly<{
  id: string;
  metadata: Readonly<Record<string, unknown>>;
  /** Epoch ms. */
  registeredAt: number;
}>;

/** The registered clients. Registering the same metadata twice gives the same client. */
export class Clients {
  readonly #byId = new Map<string, Client>();
  readonly #byMetadata = new Map<string, Client>();

  /** Registers metadata, or finds the client that registered the same before. */
  register(metadata: Client['metadata'], makeId: () => string, nowAt: number): Client {
    const key = JSON.stringify(metadata);
    const known = this.#byMetadata.get(key);
    if (known !== undefined) return known;
    const client = { id: makeId(), metadata, registeredAt: nowAt };
    this.#byId.set(client.id, client);
    this.#byMetadata.set(key, client);
    return client;
  }

  get(id: string): Client | null {
    return this.#byId.get(id) ?? null;
  }
}

/** Whether a client has registered a grant type. */
export function mayUse(client: Client, grantType: string): boolean {
  const types = client.metadata.grant_types;
  return Array.isArray(types) && types.includes(grantType);
}

/** A member of the metadata, if it is a string. */
export function textOf(client: Client, member: string): string | null {
  const value = client.metadata[member];
  return typeof value === 'string' ? value : null;
}
