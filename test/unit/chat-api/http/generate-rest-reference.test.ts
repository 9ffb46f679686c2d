import { expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { renderRestReference, restReferenceFile } from '../../../../src/chat-api/http/generate-rest-reference.ts';

it('The REST reference is what the generator makes', async () => {
  expect(await readFile(restReferenceFile, 'utf8')).toBe(renderRestReference());
});
