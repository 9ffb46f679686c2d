import type { EventTopic } from '../../src/api/event-topic.ts';
import { configMaps, eventTopics } from '../../src/operator/kinds.ts';
import {
  watchOwned,
  type Context,
  type Controller,
  type Outcome,
} from '../../src/operator/runtime/reconcile/controller.ts';

export const well: Outcome<EventTopic> = {
  readiness: { ready: true, reason: 'Well', message: 'all is well' },
  status: { topicName: 'example' },
};

/** A controller that a test tells what to do; it counts how often it is asked. */
export class ScriptedController implements Controller<EventTopic> {
  readonly name = 'scripted';
  readonly kind = eventTopics;
  readonly watches = [watchOwned(configMaps, eventTopics)];
  readonly conditionTypes = ['Available'];
  readonly script: (context: Context<EventTopic>) => Promise<Outcome<EventTopic>> | Outcome<EventTopic>;
  finalizer: Controller<EventTopic>['finalizer'] & object = {
    needed: () => false,
    finalize: () => Promise.resolve(undefined),
  };
  reconciles = 0;

  constructor(script: ScriptedController['script'] = () => well) {
    this.script = script;
  }

  async reconcile(context: Context<EventTopic>): Promise<Outcome<EventTopic>> {
    this.reconciles += 1;
    return this.script(context);
  }
}
