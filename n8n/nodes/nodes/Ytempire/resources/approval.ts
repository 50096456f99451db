import type { INodeProperties } from 'n8n-workflow';

const asking = { show: { resource: ['approval'], operation: ['ask'] } };
const answering = { show: { resource: ['approval'], operation: ['answer'] } };

export const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['approval'] } },
	options: [
		{
			name: 'Answer',
			value: 'answer',
			action: 'Answer an approval',
			description: 'Tell what the person said: a yes lets the video go on, a no cancels it',
		},
		{
			name: 'Ask',
			value: 'ask',
			action: 'Ask for an approval',
			description: 'Say that a person is asked: without their yes the video is not published by itself',
		},
	],
	default: 'ask',
};

export const fields: INodeProperties[] = [
	{
		displayName: 'Asked Of',
		name: 'askedOf',
		type: 'string',
		displayOptions: asking,
		default: '',
		placeholder: 'e.g. Slack, #videos',
		required: true,
		description: 'Who is asked, or where; the owner of the video reads it',
	},
	{
		displayName: 'Wait For (Minutes)',
		name: 'minutes',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1440, numberPrecision: 0 },
		displayOptions: asking,
		default: 720,
		description:
			'How long the person may take. After that the built-in driver makes the rest, and the video waits in the inbox of its creator. A run ends 24 hours after its claim.',
	},
	{
		displayName: 'Approved',
		name: 'approved',
		type: 'string',
		displayOptions: answering,
		default: '={{ $json.data.approved }}',
		required: true,
		description: "True or false, as the person said; what n8n's Send and Wait for Response answers is found by itself",
	},
	{
		displayName: 'Why',
		name: 'why',
		type: 'string',
		displayOptions: answering,
		default: '',
		description: 'What the owner of the video is to read about a no',
	},
];
