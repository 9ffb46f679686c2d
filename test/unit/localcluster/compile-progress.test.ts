import { expect, it } from '@jest/globals';
import { howFar } from '../../../localcluster/artifacts/go-programs.ts';

it.each([
  [200, 40, 'package 200 of 3000'],
  [300, 60, 'package 300 of 3000, about 9 minutes left'],
  [1500, 300, 'package 1500 of 3000, about 5 minutes left'],
  [2990, 598, 'package 2990 of 3000, about 1 minute left'],
])('after %i packages of 3000 and %i seconds: %s', (compiled, seconds, text) => {
  expect(howFar(compiled, 3000, seconds)).toBe(text);
});
