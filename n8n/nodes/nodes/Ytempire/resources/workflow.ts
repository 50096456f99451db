import type { INodeProperties } from 'n8n-workflow';

const shown = { show: { resource: ['workflow'], operation: ['report'] } };

export const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['workflow'] } },
	options: [
		{
			name: 'Report',
			value: 'report',
			action: 'Report what became of a run',
			description: 'Tell YTEMPIRE that a run finished or failed, signed with the Webhook Secret',
		},
	],
	default: 'report',
};

export const fields: INodeProperties[] = [
	{
		displayName: 'Event',
		name: 'event',
		type: 'options',
		displayOptions: shown,
		options: [
			{ name: 'Run Failed', value: 'run.failed' },
			{ name: 'Run Finished', value: 'run.finished' },
			{ name: 'Workflow Failed', value: 'workflow.failed' },
		],
		default: 'workflow.failed',
	},
	{
		displayName: 'Workflow',
		name: 'workflow',
		type: 'string',
		displayOptions: shown,
		default: '={{ $json.workflow?.id ?? $workflow.id }}',
		description: 'The workflow it is about; after an Error Trigger: the one that failed',
	},
	{
		displayName: 'Execution',
		name: 'execution',
		type: 'string',
		displayOptions: shown,
		default: '={{ $json.execution?.id ?? $execution.id }}',
		description: 'The execution it is about; after an Error Trigger: the one that failed',
	},
	{
		displayName: 'Node',
		name: 'failedNode',
		type: 'string',
		displayOptions: shown,
		default: '={{ $json.execution?.lastNodeExecuted }}',
	},
	{
		displayName: 'Message',
		name: 'message',
		type: 'string',
		displayOptions: shown,
		default: '={{ $json.execution?.error?.message }}',
		description: 'What went wrong, without keys or request headers',
	},
	{
		displayName: 'Video ID',
		name: 'reportedVideoId',
		type: 'string',
		displayOptions: shown,
		default: '={{ $json.video_id }}',
		description: 'The video it is about; may be empty',
	},
];
