import * as v from 'valibot';

const ErrorShape = v.object({
  code: v.string(),
  message: v.string(),
  hint: v.string(),
  retry_after_s: v.optional(v.nullable(v.number()), null),
});

const Notice = v.object({ code: v.string(), message: v.string(), hint: v.string() });

const Line = v.variant('step', [
  v.object({ step: v.literal('started'), login: v.string() }),
  v.object({ step: v.literal('discovered'), homeserver: v.string(), issuer: v.string() }),
  v.object({ step: v.literal('registered'), client_id: v.string() }),
  v.object({
    step: v.literal('code'),
    user_code: v.string(),
    verification_uri: v.string(),
    verification_uri_complete: v.nullable(v.string()),
    expires_at: v.pipe(v.string(), v.isoTimestamp()),
    interval_s: v.number(),
  }),
  v.object({
    step: v.literal('waiting'),
    state: v.string(),
    next_poll_at: v.pipe(v.string(), v.isoTimestamp()),
  }),
  v.object({ step: v.literal('verifying'), notice: v.nullable(Notice) }),
  v.object({
    step: v.literal('confirm'),
    login: v.string(),
    expected: v.string(),
    actual: v.string(),
  }),
  v.object({
    step: v.literal('signed_in'),
    label: v.string(),
    user_id: v.string(),
    device_id: v.string(),
    homeserver: v.string(),
    notices: v.array(Notice),
  }),
  v.object({ step: v.literal('failed'), error: ErrorShape }),
]);

/** One step of a sign-in, as the agent reports it. */
export type LoginLine = v.InferOutput<typeof Line>;

/** The line of one step. */
export type LineOf<Step extends LoginLine['step']> = Extract<LoginLine, { step: Step }>;

/** Parses one line of a sign-in; null for a step that only a newer agent knows. */
export function readLoginLine(text: string): LoginLine | null {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Line), text);
  return parsed.success ? parsed.output : null;
}
