import type { INodeProperties } from 'n8n-workflow';

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

export const STEP_OPTIONS = STEPS.map((step) => ({ name: step[0]?.toUpperCase() + step.slice(1), value: step }));

export const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['step'] } },
	options: STEP_OPTIONS.map(({ name, value }) => ({
		name,
		value,
		action: `Run the ${value} step`,
		description: `Have the ${value} step done, with those before it that are not, and wait for it`,
	})),
	default: 'topic',
};

export const fields: INodeProperties[] = [
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
];
