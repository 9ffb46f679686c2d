import type { ChatApi } from '../../../api/chat-api.ts';
import type { ExtraCondition } from '../../runtime/reconcile/conditions.ts';
import type { Context } from '../../runtime/reconcile/controller.ts';
import type { PodReport } from './pod-report.ts';

/** Whether the pods can reach the issuer of spec.oidc. Users with a token of auth do not need it. */
export const signInAvailable = 'SignInAvailable';

/** @param report what the pods say, if any does */
export function signInConditions({ spec }: ChatApi, report: PodReport | undefined): ExtraCondition[] {
  if (!spec.oidc) return [];
  const { issuer } = spec.oidc;
  if (!report) {
    const message = `No pod has reported yet whether ${issuer} answers.`;
    return [{ type: signInAvailable, status: 'Unknown', reason: 'NoPods', message }];
  }
  const { signInTrouble: trouble } = report;
  return trouble === undefined
    ? [{ type: signInAvailable, status: 'True', reason: 'IssuerAnswers', message: `${issuer} answers.` }]
    : [{ type: signInAvailable, status: 'False', reason: 'IssuerUnavailable', message: messageOf(trouble) }];
}

/** An Event when the condition turns. */
export function announceSignIn({ object, event }: Context<ChatApi>, [now]: readonly ExtraCondition[]): void {
  const before = object.status?.conditions?.find(({ type }) => type === signInAvailable);
  if (!now || before?.status === now.status) return;
  if (now.status === 'False') event('Warning', now.reason, now.message);
  if (now.status === 'True' && before?.status === 'False') event('Normal', now.reason, now.message);
}

function messageOf(trouble: string): string {
  return `Nobody can sign in: ${trouble}. Correct spec.oidc, or make sure that pods can reach the issuer.`;
}
