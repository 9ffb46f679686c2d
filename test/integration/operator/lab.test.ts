import { describe, expect, it } from '@jest/globals';
import { runLab } from '../../lab/lab.ts';
import { labSettings, shortRun } from '../../lab/settings.ts';

describe('operators that see the API server late', () => {
  it('leave everything as the model says, write nothing twice and take no two brokers away', async () => {
    const { problems, replay } = await runLab(labSettings(shortRun));
    expect({ problems, replay }).toEqual({ problems: [], replay });
  }, 480_000);
});
