import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

export function videoId(displayOptions?: IDisplayOptions): INodeProperties {
	return {
		displayName: 'Video ID',
		name: 'videoId',
		type: 'string',
		default: '={{ $json.video_id }}',
		required: true,
		description: 'The video that this is about',
		displayOptions,
	};
}

export function runToken(displayOptions?: IDisplayOptions, initial = '={{ $json.token }}'): INodeProperties {
	return {
		displayName: 'Run Token',
		name: 'runToken',
		type: 'string',
		typeOptions: { password: true },
		default: initial,
		description: "The token that Claim Due gave for this video; empty: the credential's API key",
		displayOptions,
	};
}

export function repeatKeyField(displayOptions?: IDisplayOptions, of = 'this work'): INodeProperties {
	return {
		displayName: 'Repeat Key',
		name: 'repeatKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. 231:8f0c2a52:0',
		description: `The same key names ${of} again, so that a repeat counts once; empty: execution, node and item`,
		displayOptions,
	};
}

/** What a call that the workflow makes itself is for. */
export function what(displayOptions: IDisplayOptions, placeholder: string): INodeProperties {
	return {
		displayName: 'What',
		name: 'what',
		type: 'string',
		displayOptions,
		default: '',
		required: true,
		placeholder,
		description: 'What the call is for, as the receipt shows it',
	};
}

export function units(displayOptions: IDisplayOptions): INodeProperties {
	return {
		displayName: 'Units',
		name: 'units',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		displayOptions,
		default: 1,
		required: true,
		description: 'Units of the quota of YouTube',
	};
}

export function holdKey(displayOptions: IDisplayOptions): INodeProperties {
	return {
		displayName: 'Key of the Hold',
		name: 'holdKey',
		type: 'string',
		displayOptions,
		default: '={{ $json.key }}',
		required: true,
		description: 'The key that Hold answered',
	};
}
