import type { INodeProperties } from 'n8n-workflow';

const shown = { show: { resource: ['voice'], operation: ['handIn'] } };

export const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['voice'] } },
	options: [
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
	default: 'brief',
};

export const fields: INodeProperties[] = [
	{
		displayName: 'Recordings Are',
		name: 'recordingsAre',
		type: 'options',
		displayOptions: shown,
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
];
