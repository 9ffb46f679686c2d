import type { EventUser } from '../../api/event-user.ts';
import type { Context } from '../runtime/reconcile/controller.ts';

export type UserContext = Context<EventUser>;
