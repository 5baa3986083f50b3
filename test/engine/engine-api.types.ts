/**
 * What the compiler must reject about the engine's interface. Nothing here runs: `tsc` fails if a line marked
 * as an error isn't one.
 */
import type { EngineApi, HandedToken } from '../../main/engine/engine-api.ts';
import type { Secret } from '../../main/protocol/secret.ts';
import type { Failure } from '../../common/failure.ts';
import type { Result } from '../../common/result.ts';
import type { AppSnapshot } from '../../common/snapshots.ts';

/** Data that survives structured cloning unchanged: no classes, no functions, no secrets. */
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

/** Without the results that have no value: theirs is `undefined`, which is plain, too. */
type Valued<T> = T extends Result<void, Failure> ? Failure : T;

type Methods = Omit<EngineApi, 'subscribe'>;
type Answer<T extends (...args: never[]) => Promise<unknown>> = Valued<Awaited<ReturnType<T>>>;

export type SubscribeIsTheOnlyPush = Assert<
  EngineApi['subscribe'] extends (listener: (snapshot: AppSnapshot) => void) => () => void
    ? true
    : false
>;
export type MethodsReturnPromises = Assert<
  Methods[keyof Methods] extends (...args: never[]) => Promise<unknown> ? true : false
>;
export type ArgumentsArePlain = Assert<Fits<Parameters<Methods[keyof Methods]>>>;
export type AnswersArePlain = Assert<Fits<Answer<Methods[keyof Methods]>>>;
export type PushesArePlain = Assert<Fits<AppSnapshot>>;

type Sealed = Omit<HandedToken, 'accessToken'> & Readonly<{ accessToken: Secret }>;
// @ts-expect-error a Secret would arrive empty
export type SecretIsSeen = Assert<Fits<Sealed>>;
// @ts-expect-error a function cannot be cloned
export type CallbackIsSeen = Assert<Fits<Readonly<{ onDone: () => void }>>>;
// @ts-expect-error nor can a URL
export type UrlIsSeen = Assert<Fits<Readonly<{ homeserver: URL }>>>;
