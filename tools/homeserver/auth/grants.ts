/** The user's decision on a code so far. */
export type Decision = Readonly<
  | { kind: 'pending' }
  | { kind: 'approved'; localpart: string }
  | { kind: 'denied' }
  | { kind: 'redeemed' }
>;

/** One run of the device grant, as the server sees it. */
export type DeviceCodeGrant = {
  readonly id: string;
  readonly deviceCode: string;
  /** As stored: without the hyphens that some families show. */
  readonly userCode: string;
  readonly clientId: string;
  readonly scope: string;
  /** Epoch ms. */
  readonly expiresAt: number;
  readonly ipAddress: string;
  readonly userAgent: string | null;
  decision: Decision;
};

/** The device grants that the server still knows. */
export class DeviceGrants {
  readonly #all = new Map<string, DeviceCodeGrant>();

  add(grant: DeviceCodeGrant): void {
    this.#all.set(grant.deviceCode, grant);
  }

  byDeviceCode(deviceCode: string): DeviceCodeGrant | null {
    return this.#all.get(deviceCode) ?? null;
  }

  byId(id: string): DeviceCodeGrant | null {
    return [...this.#all.values()].find((grant) => grant.id === id) ?? null;
  }

  /** The grant of a code that is still pending. */
  waiting(userCode: string, nowAt: number): DeviceCodeGrant | null {
    const isWaiting = (grant: DeviceCodeGrant) =>
      grant.userCode === userCode && grant.decision.kind === 'pending' && nowAt < grant.expiresAt;
    return [...this.#all.values()].find(isWaiting) ?? null;
  }

  forget(grant: DeviceCodeGrant): void {
    this.#all.delete(grant.deviceCode);
  }
}
