import type { ExchangeSnapshot } from '../../preload/contract.ts';
import type { HttpExchange } from '../protocol/http/http-log.ts';
import { asCurl } from '../protocol/http/http-log.ts';

/** How many exchanges are kept; the oldest are dropped. */
const KEPT = 500;

/** The latest exchanges with servers, secrets redacted. */
export class InspectorLog {
  readonly #kept = new Map<string, Readonly<{ exchange: HttpExchange; shown: ExchangeSnapshot }>>();
  readonly #listeners = new Set<(added: ExchangeSnapshot) => void>();
  #count = 0;

  add(exchange: HttpExchange): void {
    this.#count += 1;
    const id = String(this.#count);
    const shown = snapshotOf(id, exchange);
    this.#kept.set(id, { exchange, shown });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    for (const listener of this.#listeners) listener(shown);
  }

  /** Oldest first. */
  list(): readonly ExchangeSnapshot[] {
    return [...this.#kept.values()].map(({ shown }) => shown);
  }

  /** The request as a curl command with placeholders for secrets; null: no longer kept. */
  curl(id: string): string | null {
    const kept = this.#kept.get(id);
    return kept === undefined ? null : asCurl(kept.exchange);
  }

  clear(): void {
    this.#kept.clear();
  }

  /** Calls `listener` with each new exchange; returns the undo. */
  subscribe(listener: (added: ExchangeSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function snapshotOf(id: string, exchange: HttpExchange): ExchangeSnapshot {
  return { ...exchange, id, failure: exchange.failure?.code ?? null };
}
