import type { INodeProperties } from 'n8n-workflow';

import { repeatKeyField } from '../../door/fields';
import { STEP_OPTIONS } from './step';

const shown = (...operation: string[]) => ({ show: { resource: ['video'], operation } });

export const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['video'] } },
	options: [
		{ name: 'Cancel', value: 'cancel', action: 'Cancel a video', description: 'Stop a video' },
		{
			name: 'Create',
			value: 'create',
			action: 'Create a video',
			description: 'Order a video: it is made, reviewed and published as its channel says',
		},
		{ name: 'Get', value: 'get', action: 'Get a video', description: 'State, reason, money and progress' },
		{
			name: 'Retry',
			value: 'retry',
			action: 'Retry a video',
			description: 'Send a failed video on, or make a step of a finished one anew',
		},
	],
	default: 'get',
};

export const fields: INodeProperties[] = [
	{
		displayName: 'Channel ID',
		name: 'channelId',
		type: 'string',
		displayOptions: shown('create'),
		default: '={{ $json.channel_id }}',
		required: true,
	},
	{
		displayName: 'Topic',
		name: 'topic',
		type: 'string',
		displayOptions: shown('create'),
		default: '',
		placeholder: 'e.g. Why squid glow',
		description: "What the video is about; empty, and without script or article: the channel's next topic",
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		displayOptions: shown('create'),
		default: {},
		options: [
			{
				displayName: 'Article',
				name: 'article',
				type: 'string',
				typeOptions: { rows: 4 },
				default: '',
				description: 'A text to make the video from: plain, Markdown or HTML',
			},
			{ displayName: 'Article Title', name: 'article_title', type: 'string', default: '' },
			{
				displayName: 'Even if Similar',
				name: 'even_if_similar',
				type: 'boolean',
				default: false,
				description: 'Whether to make it although the channel had something like it',
			},
			{
				displayName: 'Format',
				name: 'format',
				type: 'options',
				options: [
					{ name: 'Portrait (9:16)', value: '9:16' },
					{ name: 'Wide (16:9)', value: '16:9' },
				],
				default: '9:16',
			},
			{
				displayName: 'Look',
				name: 'look',
				type: 'string',
				default: '',
			},
			{
				displayName: 'Minutes',
				name: 'minutes',
				type: 'number',
				typeOptions: { minValue: 0.25, maxValue: 10, numberPrecision: 2 },
				default: 0.75,
				description: 'The length that is wished',
			},
			{
				displayName: 'Script',
				name: 'script',
				type: 'string',
				typeOptions: { rows: 4 },
				default: '',
				description: 'Your own text, spoken word for word',
			},
			{
				displayName: 'Title',
				name: 'title',
				type: 'string',
				default: '',
				description: 'Your own title, at most 100 characters',
			},
			{
				displayName: 'Voice',
				name: 'voice',
				type: 'string',
				default: '',
				placeholder: 'e.g. local:heart',
			},
		],
	},
	repeatKeyField(shown('create', 'retry'), 'this order'),
	{
		displayName: 'From Step',
		name: 'from',
		type: 'options',
		displayOptions: shown('retry'),
		options: [{ name: 'Where It Failed', value: '' }, ...STEP_OPTIONS],
		default: '',
		description: 'Make this step anew, and what depends on it',
	},
];
