import type { JSX } from 'preact';
import { durationText } from '../../main/handout/state-words.ts';
import type { WindowSnapshot } from '../../preload/contract.ts';
import { CheckIcon, CloseIcon, AlertIcon, CopyIcon } from '../parts/icons.tsx';
import { IconButton } from '../parts/page.tsx';
import { useApp, useNow } from '../state.ts';
import { texts } from '../texts.en.ts';

/** The lower edge: what the last act led to, and what is on the clipboard by our doing. */
export function Edge({ picture }: { picture: WindowSnapshot }): JSX.Element | null {
  const { outcome } = useApp();
  const said = outcome.value;
  const { copied } = picture.shell;
  if (said === null && copied === null) return null;
  return (
    <footer class="edge">
      {said !== null && (
        <div class={`edge-line ${said.tone}`}>
          {said.tone === 'good' ? <CheckIcon /> : <AlertIcon />}
          <p>
            {said.message} {said.hint}
          </p>
          <IconButton name={texts.dismiss} onPress={() => (outcome.value = null)}>
            <CloseIcon />
          </IconButton>
        </div>
      )}
      {copied !== null && <Copied what={copied.what} clearsAt={copied.clearsAt} />}
    </footer>
  );
}

function Copied({ what, clearsAt }: { what: string; clearsAt: number | null }): JSX.Element {
  const until = useNow(
    (now) =>
      clearsAt === null
        ? texts.copied.stays
        : texts.copied.clearsIn(durationText(Math.max(0, clearsAt - now))),
    [clearsAt],
  );
  return (
    <div class="edge-line">
      <CopyIcon />
      <p>
        {texts.copied.onClipboard(what)}, <span class="steady">{until}</span>
      </p>
    </div>
  );
}
