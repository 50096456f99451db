import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { eachItem } from '../door/items';
import { properties } from './description';
import { operated } from './operations';
import { handInItems } from './recordings';
import { called, runSteps, WAKING } from './steps';

export class Ytempire implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'YTEMPIRE',
		name: 'ytempire',
		icon: { light: 'file:../../icons/ytempire.svg', dark: 'file:../../icons/ytempire.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Drive the steps of a video, hand in script and voice, order and look up videos',
		defaults: { name: 'YTEMPIRE' },
		inputs: [NodeConnectionTypes.Main],
		outputs:
			'={{ $parameter["resource"] === "step" ? [{ type: "main", displayName: "Done" }, { type: "main", displayName: "Ended" }] : [{ type: "main" }] }}',
		usableAsTool: true,
		sensitiveOutputFields: ['token'],
		credentials: [{ name: 'ytempireApi', required: true }],
		waitingNodeTooltip: 'YTEMPIRE is at work on the step and calls this execution back',
		webhooks: WAKING,
		properties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		if (this.getInputData().length === 0) return [[]];
		const resource = this.getNodeParameter('resource', 0) as string;
		const operation = this.getNodeParameter('operation', 0) as string;
		if (resource === 'step') return await runSteps(this);
		if (resource === 'voice' && operation === 'handIn' && this.getNodeParameter('recordingsAre', 0) === 'items') {
			return [await handInItems(this)];
		}
		return await eachItem(this, (item) => operated(this, `${resource}.${operation}`, item));
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await called(this);
	}
}
