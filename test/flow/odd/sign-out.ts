import type { Row } from '../row.ts';
import { saw } from '../row.ts';
import { signInFirst } from '../renewing.ts';
import { accountsOf, sessionsOf } from '../signing-in.ts';

/** Alice signs out; Keyfob finishes what is left within a minute without being asked. */
const signOut: Row['live'] = async (stage) => {
  await signInFirst(stage);
  const from = stage.server.requests.length;
  const report = await stage.windFor(stage.engine.signOut('alice'));
  const atOnce = {
    proof: report.ok ? report.value.proof : report.failure.code,
    accounts: accountsOf(stage),
    saw: saw(stage, from),
  };
  const later = stage.server.requests.length;
  await stage.pass(60_000);
  return {
    ...atOnce,
    later: saw(stage, later),
    left: accountsOf(stage),
    sessions: sessionsOf(stage),
  };
};

const done = {
  proof: 'refused',
  accounts: [],
  saw: 'revocation whoami',
  later: '',
  left: [],
  sessions: ['ended'],
};

/** Rows 50 and 51. */
export const signOutRows: readonly Row[] = [
  { name: 'revocation answers 200 without a body', live: signOut, expects: done },
  { name: 'revocation answers 204', live: signOut, expects: done },
  { name: 'revocation answers 200 with JSON', live: signOut, expects: done },
  { name: 'revocation answers 400 invalid_grant', live: signOut, expects: done },
  {
    name: 'revocation answers 503',
    live: signOut,
    expects: {
      ...done,
      proof: 'queued',
      accounts: ['alice signing-out'],
      saw: 'revocation',
      later: 'revocation whoami',
    },
  },
];
