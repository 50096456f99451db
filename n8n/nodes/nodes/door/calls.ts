import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { askOne, path } from './ask';
import { needed, repeatKey, text, whole } from './items';
import type { Run } from './items';

/** A call that the workflow makes itself: held before it, settled or given back after it. The key names it. */
export interface Call {
	run: Run;
	key: string;
	item: number;
}

/** The call that an item is about to make. */
export function newCall(node: IExecuteFunctions, run: Run, item: number): Call {
	return { run, key: text(node, 'repeatKey', item) || repeatKey(node, item), item };
}

/** The call whose hold an item brings along. */
export function heldCall(node: IExecuteFunctions, run: Run, item: number): Call {
	return { run, key: needed(node, 'holdKey', item, 'Key of the Hold'), item };
}

/** YouTube's calls are counted in these, all others in money. */
export function unitsOf(node: IExecuteFunctions, item: number): IDataObject {
	return { units: whole(node, 'units', item, 'Units') };
}

export async function hold(
	node: IExecuteFunctions,
	{ run, key, item }: Call,
	category: string,
	estimate: IDataObject,
): Promise<IDataObject> {
	const body = { category, what: needed(node, 'what', item, 'What'), key, ...estimate };
	const to = path`/videos/${run.videoId}/calls`;
	return { key, ...(await askOne(node, { method: 'POST', to, body, token: run.token, item })) };
}

export async function settle(node: IExecuteFunctions, { run, key, item }: Call, bill: IDataObject): Promise<IDataObject> {
	const to = path`/videos/${run.videoId}/calls/${key}/settle`;
	return await askOne(node, { method: 'POST', to, body: bill, token: run.token, item });
}

export async function giveBack(node: IExecuteFunctions, { run, key, item }: Call): Promise<IDataObject> {
	const to = path`/videos/${run.videoId}/calls/${key}/void`;
	return await askOne(node, { method: 'POST', to, token: run.token, item });
}
