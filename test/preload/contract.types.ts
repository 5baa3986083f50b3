/**
 * What the compiler must reject about the IPC contract. Nothing here runs: `tsc` fails if a line
 * marked as an error compiles.
 */
import type { Bridge, MethodNames } from '../../preload/bridge.ts';
import type { ExchangeSnapshot, Pushes, Requests, WindowSnapshot } from '../../preload/contract.ts';
import type { Secret } from '../../main/protocol/secret.ts';

/** Data that survives structured cloning unchanged: no classes, functions or secrets. */
type Plain =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Plain[]
  | { readonly [key: string]: Plain };

type Assert<T extends true> = T;
type Fits<T> = T extends Plain ? true : false;
type Same<A, B> = [A, B] extends [B, A] ? true : false;

export type SnapshotIsPlain = Assert<Fits<WindowSnapshot>>;
export type ExchangeIsPlain = Assert<Fits<ExchangeSnapshot>>;
export type ArgumentsArePlain = Assert<Fits<Parameters<Requests[keyof Requests]>>>;
export type AnswersArePlain = Assert<Fits<ReturnType<Requests[keyof Requests]>>>;
export type PushesArePlain = Assert<Fits<Pushes[keyof Pushes]>>;

type Leaky = WindowSnapshot & Readonly<{ accessToken: Secret }>;
// @ts-expect-error a Secret in a snapshot does not compile
export type LeakIsSeen = Assert<Fits<Leaky>>;
// @ts-expect-error nor does a callback
export type CallbackIsSeen = Assert<Fits<Readonly<{ onDone: () => void }>>>;

export type EveryRequestHasAMethod = Assert<Same<keyof MethodNames, keyof Requests>>;

/** Main has one route per request. */
type Routes = { readonly [C in keyof Requests]: (...args: Parameters<Requests[C]>) => unknown };

type AllBut<T, K extends keyof T> = Omit<T, K>;

export function mustNotCompile(
  routes: AllBut<Routes, 'login:cancel'>,
  names: AllBut<MethodNames, 'account:copy'>,
  bridge: Bridge,
): readonly unknown[] {
  // @ts-expect-error a request without a route
  const allRoutes: Routes = routes;
  // @ts-expect-error a request without a method
  const allNames: MethodNames = names;
  // @ts-expect-error a name for what the contract does not have
  const stray: MethodNames = { ...allNames, 'token:read': 'readToken' };
  return [
    allRoutes,
    stray,
    // @ts-expect-error there is no generic way to send
    bridge.invoke,
    // @ts-expect-error an unknown format
    bridge.copyAccount('account', 'plain'),
  ];
}
