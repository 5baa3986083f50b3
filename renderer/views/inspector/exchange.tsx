import type { JSX } from 'preact';
import type { ExchangeSnapshot } from '../../../preload/contract.ts';
import { bodyText, statusText, statusTone, timeText, tookText } from '../../model/exchange-text.ts';
import { linkParts } from '../../model/link.ts';
import { CopyIcon, ForwardIcon } from '../../components/icons.tsx';
import { awaitReply, showOutcome, useApp } from '../../state.ts';
import { texts } from '../../texts/en.ts';

/** One request and its response, collapsed to a line. */
export function Exchange({ exchange }: { exchange: ExchangeSnapshot }): JSX.Element {
  const { method, url, status, failure, startedAt, tookMs } = exchange;
  const link = linkParts(url);
  return (
    <details class="exchange">
      <summary>
        <ForwardIcon />
        <span class="grow">
          <span class="exchange-line">
            <strong>{method}</strong> {link?.after === '' ? '/' : (link?.after ?? url)}
          </span>
          <span class="faint break">
            <time class="steady" datetime={new Date(startedAt).toISOString()}>
              {timeText(startedAt)}
            </time>{' '}
            {link?.host}
          </span>
        </span>
        <span class="exchange-end">
          <span class={`status ${statusTone(status)}`}>{statusText(status, failure)}</span>
          <span class="faint steady">{tookText(tookMs)}</span>
        </span>
      </summary>
      <Unfolded exchange={exchange} />
    </details>
  );
}

function Unfolded({ exchange }: { exchange: ExchangeSnapshot }): JSX.Element {
  const state = useApp();
  const { id, method, url, status, failure, tookMs } = exchange;
  const words = texts.inspector;
  const copy = async (): Promise<void> => {
    const copied = await awaitReply(state, state.keyfob.copyCurl(id));
    if (copied !== null) showOutcome(state, { tone: 'good', message: texts.copied.curl, hint: '' });
  };
  return (
    <div class="exchange-body stack">
      <Message
        title={words.request}
        first={`${method} ${url}`}
        headers={exchange.requestHeaders}
        body={exchange.requestBody}
      />
      {status === null ? (
        <p class="help bad">{words.noResponse(failure ?? '?')}</p>
      ) : (
        <Message
          title={words.response(tookText(tookMs))}
          first={String(status)}
          headers={exchange.responseHeaders}
          body={exchange.responseBody}
        />
      )}
      <button type="button" class="button" onClick={() => void copy()}>
        <CopyIcon />
        {words.copyCurl}
      </button>
    </div>
  );
}

type MessageProps = Readonly<{
  title: string;
  first: string;
  headers: Readonly<Record<string, string>>;
  body: string | null;
}>;

function Message({ title, first, headers, body }: MessageProps): JSX.Element {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const shown = body === null ? `(${texts.inspector.noBody})` : bodyText(body, headers);
  return (
    <div>
      <h3>{title}</h3>
      <pre class="wire select">{[first, ...lines, '', shown].join('\n')}</pre>
    </div>
  );
}
