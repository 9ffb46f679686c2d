import { describe, expect, it } from '@jest/globals';
import { diskCondition } from '../../../../src/operator/event-cluster/disk-pressure.ts';

const gibibyte = 1024 ** 3;
const disk = (usable: number, total = 20) => ({ usableBytes: usable * gibibyte, totalBytes: total * gibibyte });

describe('the disks of brokers', () => {
  it.each([
    [[disk(10), disk(3)], 'False', 'SpaceLeft', 'Every broker has at least 15 % of its disk free.'],
    [
      [disk(1), disk(2.9), disk(10, 1000)],
      'True',
      'DiskFillingUp',
      'Broker 2 has 1 % of its 1000.0 GiB disk free. Increase spec.storage.size, or lower the retention of topics.',
    ],
    [[disk(0)], 'True', 'DiskFillingUp', expect.stringMatching(/^Broker 0 has 0 % /)],
    [[], 'Unknown', 'DisksUnknown', 'No broker reports its free disk space.'],
  ])('%j is %s', (disks, status, reason, message) => {
    expect(diskCondition(new Map(disks.entries()))).toEqual({ type: 'DiskPressure', status, reason, message });
  });
});
