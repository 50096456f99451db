import type { INodeProperties } from 'n8n-workflow';

import { runToken, videoId } from '../door/fields';
import * as approval from './resources/approval';
import * as plan from './resources/plan';
import * as run from './resources/run';
import * as script from './resources/script';
import * as step from './resources/step';
import * as video from './resources/video';
import * as voice from './resources/voice';
import * as workflow from './resources/workflow';

const ofRun = { show: { resource: ['approval', 'run', 'script', 'step', 'voice'] } };

export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Approval', value: 'approval', description: 'A person says whether the video may go on' },
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
	approval.operation,
	plan.operation,
	run.operation,
	script.operation,
	step.operation,
	video.operation,
	voice.operation,
	workflow.operation,

	videoId(ofRun),
	videoId({ show: { resource: ['video'], operation: ['cancel', 'get', 'retry'] } }),
	runToken(ofRun),
	// orders are the owner's: an API key gives them, no run token
	runToken({ show: { resource: ['video'] } }, ''),

	...approval.fields,
	...plan.fields,
	...video.fields,
	...script.fields,
	...voice.fields,
	...step.fields,
	...workflow.fields,
];
