import { describe, expect, it } from '@jest/globals';
import { publicPushNetwork } from '../../../../src/chat-api/push/push-endpoint.ts';

describe('an endpoint of Web Push', () => {
  it.each([
    'https://fcm.googleapis.com/fcm/send/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
    'https://web.push.apple.com/abc',
    'https://wns2-par02p.notify.windows.com/w/?token=abc',
  ])('is taken of a known push service: %s', (endpoint) => {
    expect(publicPushNetwork.isEndpoint(endpoint)).toBe(true);
  });

  it.each([
    'http://fcm.googleapis.com/fcm/send/abc',
    'https://fcm.googleapis.com:8443/abc',
    'https://user:password@fcm.googleapis.com/abc',
    'https://fcm.googleapis.com.example.org/abc',
    'https://evilpush.apple.com.example.org/abc',
    'https://notpush.apple.com/abc',
    'https://169.254.169.254/latest',
    'https://localhost/abc',
    'file:///etc/passwd',
    'abc',
  ])('is refused elsewhere: %s', (endpoint) => {
    expect(publicPushNetwork.isEndpoint(endpoint)).toBe(false);
  });
});
