import { describe, expect, it } from '@jest/globals';
import { shortRun, soakSettings } from '../soak/settings.ts';
import { runSoak } from '../soak/soak.ts';

/** Its limit is longer than what it may take to settle, after which it tells what is missing. */
describe('the whole system, while its parts fail', () => {
  it('loses no change and no reminder, and tells nothing twice', async () => {
    const { problems, figures, replay } = await runSoak(soakSettings(shortRun));
    expect({ problems, replay, figures }).toEqual({ problems: [], replay, figures });
    // Something was done, or the account would be clean of itself.
    expect(figures).toMatchObject({ changes: expect.any(Number), faults: expect.any(Object) });
    expect(figures['changes']).toBeGreaterThan(20);
    expect(figures['remindersDue']).toBeGreaterThan(0);
  }, 480_000);
});
