import { encode } from 'uqr';
import { expect, test } from 'vitest';
import { qrCode } from '../../../renderer/model/qr.ts';

test('qrCode() draws exactly the modules of the code, with a quiet zone of four', () => {
  const link = 'https://auth.example.org/link?code=K7QD0R';
  const { data, size } = encode(link, { border: 4, ecc: 'M' });
  const picture = qrCode(link);
  const drawn = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, x, y, n] of picture!.path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    drawn[Number(y)]!.fill(true, Number(x), Number(x) + Number(n));
  }
  expect([picture!.size, drawn]).toEqual([size, data]);
});

test('qrCode() returns null for a link too long to scan', () => {
  expect(qrCode(`https://auth.example.org/${'x'.repeat(300)}`)).toBeNull();
});
