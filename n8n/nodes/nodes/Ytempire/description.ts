import type { INodeProperties } from 'n8n-workflow';

import { repeatKeyField, runToken, videoId } from '../door/fields';

/** In the order in which a video goes through them. */
export const STEPS = [
	'topic',
	'script',
	'voice',
	'visuals',
	'captions',
	'render',
	'thumbnail',
	'quality',
	'review',
	'publish',
] as const;

const shown = (resource: string, ...operation: string[]) => ({ show: { resource: [resource], operation } });

function operations(resource: string, options: INodeProperties['options'], initial: string): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options,
		default: initial,
	};
}

export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Plan', value: 'plan', description: 'The videos that are due' },
			{ name: 'Run', value: 'run', description: 'The run that drives one video' },
			{ name: 'Script', value: 'script', description: 'What is spoken, made by the workflow' },
			{ name: 'Step', value: 'step', description: 'A step of a video, done by YTEMPIRE' },
			{ name: 'Video', value: 'video', description: 'Videos as their owner orders them' },
			{ name: 'Voice', value: 'voice', description: 'The recordings, made by the workflow' },
			{ name: 'Workflow', value: 'workflow', description: 'What YTEMPIRE is told of this workflow' },
		],
		default: 'step',
	},
	operations(
		'plan',
		[
			{
				name: 'Claim Due',
				value: 'claimDue',
				action: 'Claim the videos that are due',
				description: 'Take over videos whose time has come: an item with video and run token for each',
			},
		],
		'claimDue',
	),
	operations(
		'run',
		[
			{
				name: 'Get',
				value: 'get',
				action: 'Get a run',
				description: 'Channel, topic, state, the steps and which is next',
			},
		],
		'get',
	),
	operations(
		'script',
		[
			{
				name: 'Get Brief',
				value: 'brief',
				action: 'Get the brief of a script',
				description: 'Whether a model has to be asked, which, and with what',
			},
			{
				name: 'Hand In',
				value: 'handIn',
				action: 'Hand in a script',
				description: "Give the model's answer to YTEMPIRE, which checks it against the schema",
			},
		],
		'brief',
	),
	operations(
		'step',
		STEPS.map((step) => ({
			name: step[0]?.toUpperCase() + step.slice(1),
			value: step,
			action: `Run the ${step} step`,
			description: `Have the ${step} step done, with those before it that are not, and wait for it`,
		})),
		'topic',
	),
	operations(
		'video',
		[
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
		'get',
	),
	operations(
		'voice',
		[
			{
				name: 'Get Brief',
				value: 'brief',
				action: 'Get the brief of a voice',
				description: 'Whether a vendor has to be asked, which voice, and what it has to say',
			},
			{
				name: 'Hand In',
				value: 'handIn',
				action: 'Hand in recordings',
				description: 'Give recordings with the times of their characters to YTEMPIRE',
			},
		],
		'brief',
	),
	operations(
		'workflow',
		[
			{
				name: 'Report',
				value: 'report',
				action: 'Report what became of a run',
				description: 'Tell YTEMPIRE that a run finished or failed, signed with the Webhook Secret',
			},
		],
		'report',
	),

	videoId({ show: { resource: ['run', 'script', 'step', 'voice'] } }),
	videoId(shown('video', 'cancel', 'get', 'retry')),
	runToken({ show: { resource: ['run', 'script', 'step', 'voice'] } }),
	// orders are the owner's: an API key gives them, no run token
	runToken({ show: { resource: ['video'] } }, ''),

	{
		displayName: 'Most',
		name: 'most',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
		displayOptions: shown('plan', 'claimDue'),
		default: 20,
		description: 'Most videos to claim at once; YTEMPIRE gives fewer where enough are under way',
	},

	{
		displayName: 'Channel ID',
		name: 'channelId',
		type: 'string',
		displayOptions: shown('video', 'create'),
		default: '={{ $json.channel_id }}',
		required: true,
	},
	{
		displayName: 'Topic',
		name: 'topic',
		type: 'string',
		displayOptions: shown('video', 'create'),
		default: '',
		placeholder: 'e.g. Why squid glow',
		description: "What the video is about; empty, and without script or article: the channel's next topic",
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		displayOptions: shown('video', 'create'),
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
	repeatKeyField(shown('video', 'create', 'retry'), 'this order'),
	{
		displayName: 'From Step',
		name: 'from',
		type: 'options',
		displayOptions: shown('video', 'retry'),
		options: [
			{ name: 'Where It Failed', value: '' },
			...STEPS.map((step) => ({ name: step[0]?.toUpperCase() + step.slice(1), value: step })),
		],
		default: '',
		description: 'Make this step anew, and what depends on it',
	},

	{
		displayName: 'Answer',
		name: 'answer',
		type: 'json',
		displayOptions: shown('script', 'handIn'),
		default: '={{ $json.answer }}',
		required: true,
		description: "What the model answered, as an object or as the model's text: it has to fit the schema of the brief",
	},
	{
		displayName: 'Call ID',
		name: 'call',
		type: 'string',
		displayOptions: shown('script', 'handIn'),
		default: '',
		description: "The model call that was paid through the relay (its answer's header Ytempire-Call); may be empty",
	},

	{
		displayName: 'Recordings Are',
		name: 'recordingsAre',
		type: 'options',
		displayOptions: shown('voice', 'handIn'),
		options: [
			{
				name: 'The Items',
				value: 'items',
				description: 'Each item is a recording; those of one video are handed in together',
			},
			{ name: 'A List in One Item', value: 'list', description: 'Each item has the whole list' },
		],
		default: 'items',
	},
	{
		displayName: 'Recordings',
		name: 'recordings',
		type: 'json',
		displayOptions: { show: { resource: ['voice'], operation: ['handIn'], recordingsAre: ['list'] } },
		default: '={{ $json.recordings }}',
		required: true,
		description: 'List of {number, text, audio_base64, alignment, call}',
	},
	...[
		['Number', 'number', '={{ $json.number }}', "The part's number in the brief"],
		['Text', 'text', '={{ $json.text }}', 'What is spoken'],
		['Audio (Base64)', 'audio', '={{ $json.audio_base64 }}', 'The sound, as the vendor answers it'],
		['Alignment', 'alignment', '={{ $json.alignment }}', 'The times of the characters, as the vendor answers them'],
		['Call ID', 'recordingCall', '', "The call that was paid through the relay (its answer's header Ytempire-Call)"],
	].map(
		([displayName = '', name = '', initial, description]): INodeProperties => ({
			displayName,
			name,
			type: name === 'alignment' ? 'json' : 'string',
			displayOptions: { show: { resource: ['voice'], operation: ['handIn'], recordingsAre: ['items'] } },
			default: initial,
			description,
		}),
	),

	{
		displayName:
			'While the step is under way the execution waits and takes no slot; YTEMPIRE calls it back. Several items at once are asked for in turn instead: put them into a loop of one to let each wait.',
		name: 'waitNotice',
		type: 'notice',
		displayOptions: { show: { resource: ['step'] } },
		default: '',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		displayOptions: { show: { resource: ['step'] } },
		default: {},
		options: [
			{
				displayName: 'Answer Within (Seconds)',
				name: 'waitS',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 25, numberPrecision: 0 },
				default: 20,
				description: 'How long the request stays open for a step that is quickly done, before the execution is put to wait',
			},
			{
				displayName: 'Wait at Most (Minutes)',
				name: 'mostMinutes',
				type: 'number',
				typeOptions: { minValue: 1, numberPrecision: 0 },
				default: 60,
				description:
					'After that the item leaves by Done as it came, without a state; the next step asks YTEMPIRE again anyway',
			},
		],
	},

	{
		displayName: 'Event',
		name: 'event',
		type: 'options',
		displayOptions: shown('workflow', 'report'),
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
		displayOptions: shown('workflow', 'report'),
		default: '={{ $json.workflow?.id ?? $workflow.id }}',
		description: 'The workflow it is about; after an Error Trigger: the one that failed',
	},
	{
		displayName: 'Execution',
		name: 'execution',
		type: 'string',
		displayOptions: shown('workflow', 'report'),
		default: '={{ $json.execution?.id ?? $execution.id }}',
		description: 'The execution it is about; after an Error Trigger: the one that failed',
	},
	{
		displayName: 'Node',
		name: 'failedNode',
		type: 'string',
		displayOptions: shown('workflow', 'report'),
		default: '={{ $json.execution?.lastNodeExecuted }}',
	},
	{
		displayName: 'Message',
		name: 'message',
		type: 'string',
		displayOptions: shown('workflow', 'report'),
		default: '={{ $json.execution?.error?.message }}',
		description: 'What went wrong, without keys or request headers',
	},
	{
		displayName: 'Video ID',
		name: 'reportedVideoId',
		type: 'string',
		displayOptions: shown('workflow', 'report'),
		default: '={{ $json.video_id }}',
		description: 'The video it is about; may be empty',
	},
];
