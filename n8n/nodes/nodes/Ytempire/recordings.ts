import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { askOne, path } from '../door/ask';
import { carried, jsonOf, needed, runOf, text, whole } from '../door/items';
import type { Run } from '../door/items';
import { asNodeError, failure } from '../door/problem';

interface Pile {
	run: Run;
	items: number[];
}

/** Each item is one recording; those of a video are handed in together, and one item comes of them. */
export async function handInItems(node: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const given: INodeExecutionData[] = [];
	for (const { run, items } of piles(node)) {
		const pairedItem = items.map((item) => ({ item }));
		const first = items[0] ?? 0;
		try {
			const recordings = items.map((item) => recording(node, item));
			const to = path`/videos/${run.videoId}/voice`;
			const answer = await askOne(node, { method: 'PUT', to, body: { recordings }, token: run.token, item: first });
			given.push({ json: carried(answer, run), pairedItem });
		} catch (error) {
			if (!node.continueOnFail()) throw asNodeError(node.getNode(), error, first);
			given.push({ json: failure(error), pairedItem });
		}
	}
	return given;
}

function piles(node: IExecuteFunctions): Iterable<Pile> {
	const byVideo = new Map<string, Pile>();
	node.getInputData().forEach((_, item) => {
		const run = runOf(node, item);
		const pile = byVideo.get(run.videoId) ?? { run, items: [] };
		pile.items.push(item);
		byVideo.set(run.videoId, pile);
	});
	return byVideo.values();
}

function recording(node: IExecuteFunctions, item: number): IDataObject {
	const call = text(node, 'recordingCall', item);
	return {
		number: whole(node, 'number', item, 'Number'),
		text: needed(node, 'text', item, 'Text'),
		audio_base64: needed(node, 'audio', item, 'Audio'),
		alignment: jsonOf(node, 'alignment', item, 'Alignment') as IDataObject,
		...(call && { call }),
	};
}
