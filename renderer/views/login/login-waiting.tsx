import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { durationText } from '../../../common/time.ts';
import type { LoginStateSnapshot } from '../../../common/snapshots.ts';
import { clockText, countdown } from '../../model/countdown.ts';
import { hostOf } from '../../../common/urls.ts';
import { linkParts } from '../../model/link.ts';
import { qrCode } from '../../model/qr.ts';
import { codeGroups, spelledCode } from '../../model/user-code.ts';
import { CopyIcon, OpenIcon } from '../../components/icons.tsx';
import { Qr } from '../../components/qr.tsx';
import { Ring } from '../../components/ring.tsx';
import { awaitReply, useApp, useNow } from '../../state.ts';
import { texts } from '../../texts/en.ts';

type WaitingProps = Readonly<{
  loginId: string;
  state: Extract<LoginStateSnapshot, { step: 'waiting' }>;
}>;

/** The code, the links to the approval page, and the polling progress. */
export function Waiting({ loginId, state }: WaitingProps): JSX.Element {
  const link = state.verificationUriComplete ?? state.verificationUri;
  const { wait } = texts;
  return (
    <>
      <section class="card code-card" aria-label={wait.code}>
        <p class="faint">{wait.code}</p>
        <UserCode code={state.userCode} />
        <CodeActions loginId={loginId} />
        <p class="link-line">
          <span class="faint">{wait.opens}</span> <Link link={link} />
        </p>
      </section>
      <p class="phishing">
        {state.verificationUriComplete === null ? wait.typeIt : wait.compare} {wait.phishing}
      </p>
      <Progress loginId={loginId} state={state} />
      <Scan link={link} />
    </>
  );
}

/** The link as a QR code, unless it is too long for one. */
function Scan({ link }: { link: string }): JSX.Element | null {
  const picture = useMemo(() => qrCode(link), [link]);
  if (picture === null) return null;
  const { wait } = texts;
  const host = hostOf(link);
  return (
    <section class="scan">
      <Qr picture={picture} name={wait.qr(host)} />
      <div>
        <strong>{wait.scan}</strong>
        <p class="faint break">{wait.scanOpens(host)}</p>
      </div>
    </section>
  );
}

function UserCode({ code }: { code: string }): JSX.Element {
  return (
    <p class="code">
      <span class="unseen">{spelledCode(code)}</span>
      <span aria-hidden="true" class={code.length > 8 ? 'code-letters long' : 'code-letters'}>
        {codeGroups(code).map((group, index) => (
          <span key={index} class={group.endsWith('-') ? 'code-group hyphened' : 'code-group'}>
            {group}
          </span>
        ))}
      </span>
    </p>
  );
}

function CodeActions({ loginId }: { loginId: string }): JSX.Element {
  const state = useApp();
  return (
    <div class="code-actions">
      <button
        type="button"
        class="button primary grow"
        onClick={() => void awaitReply(state, state.keyfob.openLink(loginId))}
      >
        {texts.wait.copyAndOpen}
        <OpenIcon />
      </button>
      <button
        type="button"
        class="button tinted"
        aria-label={texts.wait.copy}
        title={texts.wait.copy}
        onClick={() => void awaitReply(state, state.keyfob.copyCode(loginId))}
      >
        <CopyIcon />
      </button>
    </div>
  );
}

/** The link as text, its host emphasised. */
function Link({ link }: { link: string }): JSX.Element {
  const parts = linkParts(link);
  if (parts === null) return <span class="break">{link}</span>;
  return (
    <span class="break">
      {parts.before}
      <strong>{parts.host}</strong>
      {parts.after}
    </span>
  );
}

function Progress({ loginId, state: { expiresAt, poll } }: WaitingProps): JSX.Element {
  const { codeLifetimes: codeLengths } = useApp();
  const length = codeLengths.value.get(loginId) ?? 0;
  const seconds = useNow((now) => countdown(expiresAt, length, now).secondsLeft, [expiresAt]);
  const asksIn = useNow((now) => countdown(poll.nextAt, 0, now).secondsLeft, [poll.nextAt]);
  // Computed from the seconds in the text, so that both always agree.
  const { fraction } = countdown(seconds * 1_000, length, 0);
  const { wait } = texts;
  const next = asksIn === 0 ? wait.asksNow : wait.asksIn(durationText(asksIn * 1_000));
  return (
    <section class="progress" aria-label={texts.steps.wait}>
      <Ring fraction={fraction} />
      <div class="grow">
        <p>
          <strong>{wait.poll[poll.state]}</strong>
        </p>
        <p class="faint steady">
          {wait.asked(poll.polls)}, {next}
        </p>
      </div>
      <p class="time-left steady" role="timer" aria-live="off">
        {seconds === 0 ? wait.over : wait.left(clockText(seconds))}
      </p>
    </section>
  );
}
