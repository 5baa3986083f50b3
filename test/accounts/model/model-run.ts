import { Accounts } from '../../../main/accounts/accounts.ts';
import type { ManagedAccount } from '../../../main/accounts/managed-account.ts';
import type { Log, Deps } from '../../../main/accounts/ports.ts';
import { recheckAccount } from '../../../main/accounts/verify.ts';
import type { Network } from '../../../main/protocol/http/network.ts';
import { FakeClock, settle } from '../../fixtures/fake-clock.ts';
import { sentForm } from '../../fixtures/sent-form.ts';
import type { Act, Ending } from './acts.ts';
import { finish, firstRecord, idOf, isLost } from './answers.ts';
import type { Request } from './pending.ts';
import { ModelDisk } from './pending.ts';
import { LIFETIME_MS, ModelServer } from './server.ts';

const MINUTE = 60_000;

/** A token that a consumer holds. */
type Holding = Readonly<{ consumer: string; access: string; expires: number }>;

/** What the test knows about an account independently of the code under test. */
type Known = {
  readonly server: ModelServer;
  /** Who holds a token handed out by this process, or by an earlier one that recorded it. */
  holdings: readonly Holding[];
  /** Justified requests for new tokens that are still pending. */
  reasons: number;
  /** Whether a response may be lost or unsaved, so that the server's state is unknown. */
  uncertain: boolean;
  /** The pair on disk, counted from 1. */
  kept: number;
  /** Whether this process has found the account locked, and the server has not taken a token since. */
  locked: boolean;
  /** Whether the account was shown as locked when last looked at. */
  foundLocked: boolean;
};

/** Two accounts on one server, over several processes; throws as soon as a rule is broken. */
export class ModelRun {
  readonly clock = new FakeClock(Date.UTC(2026, 0, 1), 1);
  readonly disk = new ModelDisk();
  readonly #known: readonly Known[];
  #requests: Request[] = [];
  #deps!: Deps;
  #accounts: Accounts;
  #process = 0;
  /** No refresh may be sent before this; null: the machine is awake. */
  #asleepUntil: number | null = null;
  /** Whether a new process can tell how old its tokens are. */
  #agesKnown = true;
  readonly #bugs: string[] = [];

  constructor() {
    this.#known = [0, 1].map((who) => ({
      server: new ModelServer(String(who)),
      holdings: [],
      reasons: 0,
      uncertain: false,
      kept: 1,
      locked: false,
      foundLocked: false,
    }));
    for (const who of [0, 1]) this.disk.records.set(idOf(who), firstRecord(who));
    this.#accounts = this.#begin();
  }

  async act(act: Act): Promise<void> {
    this.#do(act);
    await (act.do === 'flow' ? this.flow() : settle(1));
    if (act.do === 'pass') await this.clock.advance(act.ms);
    if (act.do === 'sleep') await this.clock.advance(0);
    this.#checkRules();
  }

  /** Lets everything in progress succeed, until nothing is left. */
  async flow(): Promise<void> {
    for (let turns = 0; ; turns += 1) {
      await settle(1);
      if (this.#requests.length + this.disk.writing === 0) return;
      if (turns > 100) throw new Error('It does not come to rest');
      this.#endWrite(0, true);
      this.#endRequest(0, 'answered');
      this.#checkRules();
    }
  }

  /** From now on there are no failures: every live session has to be usable. */
  async heal(): Promise<void> {
    this.#accounts.wake();
    this.#asleepUntil = null;
    for (const { server } of this.#known) server.locked = false;
    for (let step = 0; step < 8; step += 1) {
      await this.flow();
      await this.clock.advance(step < 4 ? 10_000 : 5 * MINUTE);
    }
    for (const [who, known] of this.#known.entries()) {
      await this.flow();
      this.#mustBeFresh(who);
      void this.#take(who, 0, 'the end');
      await this.flow();
      const hasIt = known.holdings.some(({ consumer }) => consumer === 'the end');
      if (known.server.alive && !hasIt) throw new Error(`Account ${who} lives, and gives no token`);
    }
    this.#checkRules();
    await this.#leave();
  }

  /** Every account on automatic refresh is fresh by now, without a request. */
  #mustBeFresh(who: number): void {
    const { account } = this.#account(who);
    const { policy, state } = account;
    if (!this.#of(who).server.alive || policy === 'on-demand') return;
    const left =
      state.kind === 'active' ? (state.tokens.expires ?? 0) - this.clock.monotonicNow() : 0;
    if (left <= 0) this.#broken(`account ${who} is not kept fresh, but ${state.kind}`);
  }

  #do(act: Act): void {
    switch (act.do) {
      case 'take':
        void this.#take(act.who, act.minValidMs, act.consumer);
        break;
      case 'renew':
        void this.#because(act.who, () => this.#account(act.who).forceRefresh());
        break;
      case 'arrange':
        void this.#accounts.update(this.#account(act.who), { policy: act.policy });
        break;
      case 'end':
        this.#endRequest(act.which, act.how);
        break;
      case 'write':
        this.#endWrite(act.which, act.ok);
        break;
      case 'sleep':
        this.clock.suspend(act.ms);
        break;
      case 'suspend':
        this.#suspend();
        break;
      case 'wake':
        this.#wake();
        break;
      case 'network-back':
        this.#accounts.networkBack();
        break;
      case 'set-clock':
        this.#setClock(act.byMs);
        break;
      case 'crash':
        this.#agesKnown &&= !act.machine;
        if (act.machine) this.clock.reboot();
        this.#crash(act.written, act.served);
        break;
      case 'lock':
        this.#of(act.who).server.locked = act.locked;
        break;
      case 'look':
        void this.#because(act.who, () => recheckAccount(this.#account(act.who), this.#deps));
        break;
      case 'end-session':
        this.#of(act.who).server.end(act.how);
        break;
      case 'flow':
      case 'pass':
    }
  }

  #suspend(): void {
    this.#asleepUntil ??= this.clock.monotonicNow() + 2 * MINUTE;
    this.#accounts.suspend();
  }

  #setClock(byMs: number): void {
    this.clock.setWallClock(this.clock.now() + byMs);
    this.#agesKnown = false;
  }

  #wake(): void {
    this.#asleepUntil = null;
    this.#accounts.wake();
  }

  #begin(): Accounts {
    const process = ++this.#process;
    this.#deps = {
      clock: this.clock,
      vault: this.disk,
      network: this.#network(process),
      random: { bytes: (n: number) => new Uint8Array(n), fraction: () => 0.5 },
      log: this.#log(),
    };
    const accounts = new Accounts(this.#deps, () => undefined);
    accounts.load({ accounts: [...this.disk.records.values()], warnings: [] });
    return accounts;
  }

  #crash(written: boolean, served: boolean): void {
    void this.#leave();
    this.disk.crash(written);
    for (const { step, who, token } of this.#requests) {
      if (!served) continue;
      if (step === 'refresh') this.#of(who).server.refresh(token, this.clock.monotonicNow());
      else this.#of(who).server.use(token, this.clock.monotonicNow());
    }
    this.#requests = [];
    this.#asleepUntil = null;
    for (const [who, known] of this.#known.entries()) {
      const state = this.disk.records.get(idOf(who))?.state;
      const noted = state?.kind === 'active' && state.held && state.refreshSentAt === null;
      const certain = noted && this.#agesKnown;
      const holdings = certain ? known.holdings : [];
      const lock = { locked: false, foundLocked: false };
      Object.assign(known, { holdings, reasons: 0, uncertain: !certain, ...lock });
    }
    this.#accounts = this.#begin();
  }

  /** A process that is gone does nothing more; its timers go with it. */
  async #leave(): Promise<void> {
    const accounts = this.#accounts;
    this.#process += 1;
    await accounts.stop();
  }

  #network(process: number): Network {
    return (step, url, init) => {
      // A process that is gone sends nothing.
      if (process !== this.#process) return new Promise(() => undefined);
      return new Promise((answer, fail) => {
        if (step === 'refresh') {
          const form = sentForm(init);
          const who = Number(form.get('client_id'));
          this.#mayRefresh(who);
          const token = form.get('refresh_token') ?? '';
          this.#requests.push({ step, who, token, answer, fail });
        } else if (step === 'whoami' || step === 'profile') {
          const who = Number(/\d/.exec(url.host)?.[0]);
          const token = (new Headers(init?.headers).get('authorization') ?? '').replace(
            'Bearer ',
            '',
          );
          this.#requests.push({ step, who, token, answer, fail });
        } else {
          throw new Error(`Nobody should ask for ${step}`);
        }
      });
    };
  }

  /** The rules for every request. */
  #mayRefresh(who: number): void {
    const elapsed = this.clock.monotonicNow();
    const { holdings, reasons, uncertain } = this.#of(who);
    if (this.#requests.some((request) => request.who === who && request.step === 'refresh'))
      this.#broken(`two refreshes of account ${who} at once`);
    if (this.#asleepUntil !== null && elapsed < this.#asleepUntil)
      this.#broken('a refresh while the machine falls asleep');
    const record = this.disk.records.get(idOf(who))?.state;
    if (record === undefined || !('refreshSentAt' in record) || record.refreshSentAt === null)
      this.#broken('a refresh whose start is not on disk');
    const cut = holdings.find(({ expires }) => expires > elapsed);
    if (cut !== undefined && reasons === 0 && !uncertain)
      this.#broken(`${cut.consumer} is cut short for no reason`);
  }

  #endRequest(which: number, how: Ending): void {
    const request = this.#requests[which % Math.max(1, this.#requests.length)];
    if (request === undefined) return;
    this.#requests = this.#requests.filter((one) => one !== request);
    const known = this.#of(request.who);
    if (request.step !== 'refresh') {
      this.#endUse(request, how);
      return;
    }
    if (isLost(how)) known.uncertain = true;
    const reached = how === 'answered' || how.endsWith('-after');
    if (reached) known.holdings = [];
    const verdict = reached ? known.server.refresh(request.token, this.clock.monotonicNow()) : null;
    if (verdict?.kind === 'refused' && !verdict.excused)
      this.#broken(`account ${request.who} was lost: its refresh token is dead`);
    finish(request, how, verdict);
  }

  /** The end of a call with an access token. Only the homeserver's answer here ends a lock. */
  #endUse(request: Request, how: Ending): void {
    const { server } = this.#of(request.who);
    const reached = how === 'answered' || how.endsWith('-after');
    const taken = reached && server.use(request.token, this.clock.monotonicNow()) === 'taken';
    if (how === 'answered' && taken) this.#of(request.who).locked = false;
    finish(request, how, null, taken);
  }

  #endWrite(which: number, isOk: boolean): void {
    const written = this.disk.end(which, isOk);
    if (written === null || !('refreshSentAt' in written.state)) return;
    const known = this.#of(Number(written.session.clientId));
    if (!isOk) {
      known.uncertain = true;
      return;
    }
    const turn = Number(written.state.tokens.refresh.reveal().slice(1));
    if (turn < known.kept) this.#broken('an old pair of tokens is written over a newer one');
    known.kept = turn;
    if (written.state.refreshSentAt === null) known.uncertain = false;
  }

  async #take(who: number, minValidMs: number, consumer: string): Promise<void> {
    const process = this.#process;
    const known = this.#of(who);
    const { server } = known;
    const taken = await this.#because(
      who,
      () => this.#account(who).getToken(minValidMs, consumer),
      minValidMs,
    );
    if (process !== this.#process || taken?.ok !== true) return;
    const access = taken.value.access.reveal();
    const saved = this.disk.records.get(idOf(who))?.state;
    if (
      saved === undefined ||
      saved.kind === 'signed-out' ||
      saved.tokens.access.reveal() !== access
    )
      this.#broken('a token is used before it is on disk');
    const use = server.use(access, this.clock.monotonicNow());
    const excused = !server.alive || use === 'locked';
    if (known.locked) this.#broken('a lock is lifted without the word of the server');
    if (use !== 'taken' && !excused) this.#broken(`a token is handed out that is ${use}`);
    const expires = taken.value.expires ?? 0;
    known.holdings = [
      ...known.holdings.filter((one) => one.consumer !== consumer && one.access === access),
      { consumer, access, expires },
    ];
  }

  /** Records a call as a reason for new tokens if it is one, judged by the test's own state. */
  async #because<T>(who: number, call: () => Promise<T>, minValidMs = Infinity): Promise<T | null> {
    const known = this.#of(who);
    const process = this.#process;
    const held = known.holdings.at(-1);
    const left = (held?.expires ?? 0) - this.clock.monotonicNow();
    const isReason =
      minValidMs === Infinity || left < Math.min(minValidMs, LIFETIME_MS - MINUTE) || left <= 0;
    if (isReason) known.reasons += 1;
    const result = await call();
    if (process === this.#process && isReason) known.reasons -= 1;
    return process === this.#process ? result : null;
  }

  /** The rules that hold at every moment. */
  #checkRules(): void {
    for (const [who, known] of this.#known.entries()) {
      if (this.#account(who).account.state.kind === 'signed-out' && !known.server.spoke)
        this.#broken(`account ${who} is signed out, and no server said so`);
      const { state } = this.#account(who).account;
      if (state.kind === 'locked' && !known.foundLocked) known.locked = true;
      known.foundLocked = state.kind === 'locked';
    }
    const [bug] = this.#bugs;
    if (bug !== undefined) throw new Error(bug);
  }

  #broken(rule: string): void {
    this.#bugs.push(`Broken: ${rule}`);
  }

  #of(who: number): Known {
    const known = this.#known[who];
    if (known === undefined) throw new Error(`There is no account ${who}`);
    return known;
  }

  #account(who: number): ManagedAccount {
    const found = this.#accounts.find(idOf(who));
    if (!found.ok) throw new Error(`Account ${who} is gone`);
    return found.value;
  }

  #log(): Log {
    const quiet = () => undefined;
    const bug = (event: string, error: unknown) =>
      void this.#bugs.push(`${event}: ${String(error)}`);
    return { debug: quiet, info: quiet, warn: quiet, bug };
  }
}
