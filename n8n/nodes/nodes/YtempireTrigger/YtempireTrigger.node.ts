import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import type {
	IDataObject,
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { askOne, attempt, CREDENTIAL, path } from '../door/ask';
import { problemOf, refused } from '../door/problem';
import { distrusted } from '../door/signature';

/** What a node remembers of the webhook that it made, and the messages that it took last. */
interface Made {
	webhookId?: string;
	secret?: string;
	taken?: string[];
}

/** A repeat comes within hours, and n8n writes what a node remembers at every event: so many are enough. */
const REMEMBERED = 200;

const EVENTS: Array<[name: string, value: string]> = [
	['Budget Near Its Cap', 'budget.near'],
	['Budget Overrun', 'budget.overrun'],
	['Budget Refused a Call', 'budget.refused'],
	['Budget Unpriced', 'budget.unpriced'],
	['Budget Used Up', 'budget.used_up'],
	['Channel Connection Broken', 'channel.connection_broken'],
	['Plan Claimed', 'plan.claimed'],
	['Plan Deferred', 'plan.deferred'],
	['Run Taken Over', 'run.taken_over'],
	['Video Changed', 'video.changed'],
	['Video Ordered', 'video.ordered'],
	['Video Progress', 'video.progress'],
	['Video Published', 'video.published'],
	['Video Review Wanted', 'video.review_wanted'],
	['Video Step Begun', 'video.step_begun'],
	['Video Step Done', 'video.step_done'],
	['Video Step Failed', 'video.step_failed'],
	['Webhook Disabled', 'webhook.disabled'],
	['Webhook Test', 'webhook.test'],
];

export class YtempireTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'YTEMPIRE Trigger',
		name: 'ytempireTrigger',
		icon: { light: 'file:../../icons/trigger.svg', dark: 'file:../../icons/trigger.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") || "all events" }}',
		description: 'Starts the workflow when something happens to your videos, plan, budgets or channels',
		defaults: { name: 'YTEMPIRE Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'ytempireApi', required: true }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', responseData: '', path: 'webhook' }],
		properties: [
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				options: EVENTS.map(([name, value]) => ({ name, value })),
				default: ['video.published'],
				description: 'What to be told of; none: everything',
			},
		],
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				const made = this.getWorkflowStaticData('node') as Made;
				if (!made.webhookId || !made.secret) return false;
				const { status, body } = await attempt(this, { method: 'GET', to: path`/webhooks/${made.webhookId}` });
				if (status === 404) return false;
				if (status !== 200 || Array.isArray(body)) throw refused(this.getNode(), problemOf(status, body));
				if (body.url === this.getNodeWebhookUrl('default') && body.enabled !== false) return true;
				await forgotten(this, made);
				return false;
			},

			async create(this: IHookFunctions): Promise<boolean> {
				const { id, secret } = await askOne(this, {
					method: 'POST',
					to: '/webhooks',
					body: {
						url: this.getNodeWebhookUrl('default'),
						types: this.getNodeParameter('events', []) as string[],
						description: `n8n: ${this.getWorkflow().name ?? this.getWorkflow().id}`.slice(0, 200),
					},
				});
				if (typeof id !== 'string' || typeof secret !== 'string') {
					throw new NodeOperationError(this.getNode(), 'YTEMPIRE made a webhook without id or secret');
				}
				Object.assign(this.getWorkflowStaticData('node'), { webhookId: id, secret } satisfies Made);
				return true;
			},

			async delete(this: IHookFunctions): Promise<boolean> {
				await forgotten(this, this.getWorkflowStaticData('node') as Made);
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const made = this.getWorkflowStaticData('node') as Made;
		const secret = made.secret ?? (await this.getCredentials<{ webhookSecret?: string }>(CREDENTIAL)).webhookSecret;
		const header = (name: string) => String(this.getHeaderData()[name] ?? '');
		const { rawBody } = this.getRequestObject();
		const wrong = distrusted(
			{
				id: header('webhook-id'),
				timestamp: header('webhook-timestamp'),
				signature: header('webhook-signature'),
				body: rawBody ?? '',
			},
			secret ?? '',
			Date.now() / 1000,
		);
		if (wrong) {
			this.getResponseObject().status(401).json({ detail: `The message was refused: ${wrong}` });
			return { noWebhookResponse: true };
		}
		const event = this.getBodyData() as IDataObject;
		const taken = made.taken ?? [];
		// Of the message, not the event's number: a YTEMPIRE that was restored from a backup gives numbers anew.
		const id = header('webhook-id');
		// an answer that got lost on its way is asked for again: the event is the same, and its work was begun
		if (taken.includes(id)) return { webhookResponse: { repeated: true } };
		made.taken = [...taken, id].slice(-REMEMBERED);
		return { workflowData: [this.helpers.returnJsonArray(event)] };
	}
}

/** One that is no longer there is gone as well. */
async function forgotten(hooks: IHookFunctions, made: Made): Promise<void> {
	if (made.webhookId) {
		const { status, body } = await attempt(hooks, { method: 'DELETE', to: path`/webhooks/${made.webhookId}` });
		if (status !== 404 && status > 299) throw refused(hooks.getNode(), problemOf(status, body));
	}
	delete made.webhookId;
	delete made.secret;
	delete made.taken;
}
