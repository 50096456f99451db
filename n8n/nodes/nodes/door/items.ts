import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { asNodeError, failure } from './problem';

/** What one item led to: which output gets what. */
export interface Placed {
	output?: number;
	json: IDataObject;
}

/** Does the work of each item in turn. Where the node goes on in spite of an error, the item leaves by `failTo`. */
export async function eachItem(
	node: IExecuteFunctions,
	work: (item: number) => Promise<Placed[]>,
	{ outputs = 1, failTo = 0 } = {},
): Promise<INodeExecutionData[][]> {
	const placed: INodeExecutionData[][] = Array.from({ length: outputs }, () => []);
	for (let item = 0; item < node.getInputData().length; item++) {
		try {
			for (const { output = 0, json } of await work(item)) placed[output]?.push({ json, pairedItem: { item } });
		} catch (error) {
			if (!node.continueOnFail()) throw asNodeError(node.getNode(), error, item);
			placed[failTo]?.push({ json: failure(error), pairedItem: { item } });
		}
	}
	return placed;
}

/** The video that an item is about, and the run token that it brought along. */
export interface Run {
	videoId: string;
	token: string;
}

export function tokenOf(node: IExecuteFunctions, item: number): string {
	return text(node, 'runToken', item);
}

export function runOf(node: IExecuteFunctions, item: number): Run {
	return { videoId: needed(node, 'videoId', item, 'Video ID'), token: tokenOf(node, item) };
}

/** An answer, with the video and the token beside it, so that the next node finds both where its fields look. */
export function carried(answer: IDataObject, { videoId, token }: Partial<Run>): IDataObject {
	return { ...answer, ...(videoId && { video_id: videoId }), ...(token && { token }) };
}

/** A text field; an expression that finds nothing counts as empty. */
export function text(node: IExecuteFunctions, name: string, item: number): string {
	const value: unknown = node.getNodeParameter(name, item, '');
	return value === undefined || value === null ? '' : String(value).trim();
}

export function needed(node: IExecuteFunctions, name: string, item: number, shown: string): string {
	const value = text(node, name, item);
	if (value === '') throw new NodeOperationError(node.getNode(), `${shown} is empty`, { itemIndex: item });
	return value;
}

/** A field of type JSON: what an expression gives is taken as it is, text is read. */
export function jsonOf(node: IExecuteFunctions, name: string, item: number, shown: string): unknown {
	const value: unknown = node.getNodeParameter(name, item, null);
	if (typeof value !== 'string') return value;
	try {
		return JSON.parse(value);
	} catch {
		throw new NodeOperationError(node.getNode(), `${shown} is not JSON`, {
			itemIndex: item,
			description: 'A text goes in double quotes, or comes as ={{ JSON.stringify(…) }}',
		});
	}
}

/** Money and quota are whole numbers: a fraction of a micro-dollar is a mistake of the workflow. */
export function whole(node: IExecuteFunctions, name: string, item: number, shown: string): number {
	const value = Number(node.getNodeParameter(name, item));
	if (!Number.isSafeInteger(value) || value < 0) {
		throw new NodeOperationError(node.getNode(), `${shown} must be a whole number, 0 or more`, {
			itemIndex: item,
			description: `It is ${String(node.getNodeParameter(name, item))}; ={{ Math.ceil(…) }} rounds up`,
		});
	}
	return value;
}

/** The same work under the same key is done once: execution, node and item. A node that comes round in a loop adds
 * the number of its round, because each round is other work. */
export function repeatKey(node: IExecuteFunctions, item: number): string {
	const round = Number(node.evaluateExpression('{{ $runIndex }}', item)) || 0;
	return `${node.getExecutionId()}:${node.getNode().id}:${round ? `${round}.${item}` : item}`;
}
