import { expect, test } from 'vitest';
import { withFieldLabels } from '../../../renderer/model/client-failure.ts';
import { notice } from '../gallery/scene.ts';

test('withFieldLabels() uses the labels of the window for client metadata', () => {
  const refused = notice(
    'client-metadata-invalid',
    "The client can't be registered with this logo_uri: it is not under the host of client_uri, a.example.",
    "Change it, or leave it out to use Keyfob's own value.",
  );
  expect(withFieldLabels(refused).message).toBe(
    "The client can't be registered with this “Logo”: it is not under the host of “Website”, a.example.",
  );
});

test('withFieldLabels() leaves other failures unchanged', () => {
  const said = notice('registration-refused', 'example.org says: bad client_uri', 'Ask them.');
  expect(withFieldLabels(said)).toEqual(said);
});
