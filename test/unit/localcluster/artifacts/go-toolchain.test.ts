import { expect, it } from '@jest/globals';
import { isNewEnough } from '../../../../localcluster/artifacts/go-toolchain.ts';

it.each(['go1.26', 'go1.26.8', 'go1.27rc1', 'go2.0'])('takes the %s of the machine', (version) => {
  expect(isNewEnough(version)).toBe(true);
});

it.each(['go1.19.8', 'go1.25.5', 'devel', '', undefined])('fetches a Go where the machine has %j', (version) => {
  expect(isNewEnough(version)).toBe(false);
});
