import { NodeOperationError } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestMethods,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { problemOf, refused, unreachable } from './problem';

export const CREDENTIAL = 'ytempireApi';

export interface Credential {
	baseUrl: string;
	apiKey: string;
	webhookSecret: string;
}

export interface Ask {
	method: IHttpRequestMethods;
	/** Below /api/v1; use `path` for parts that come from outside. */
	to: string;
	body?: IDataObject | string;
	headers?: IDataObject;
	/** The run token of this item; empty: the credential's key. */
	token?: string;
	item?: number;
	timeoutMs?: number;
}

export interface Answer {
	status: number;
	body: IDataObject | IDataObject[];
}

type Asker = IExecuteFunctions | IHookFunctions;

/** A path of fixed words and of parts from outside, each of which stays one part. */
export function path(words: TemplateStringsArray, ...parts: string[]): string {
	return words.reduce((text, word, i) => text + encodeURIComponent(parts[i - 1] ?? '') + word);
}

export async function credentialOf(asker: Asker, item = 0): Promise<Credential> {
	// the hooks of a trigger take no item
	const given =
		'getExecuteData' in asker
			? await asker.getCredentials<Partial<Credential>>(CREDENTIAL, item)
			: await asker.getCredentials<Partial<Credential>>(CREDENTIAL);
	return {
		baseUrl: (given.baseUrl ?? '').trim().replace(/\/+$/, ''),
		apiKey: (given.apiKey ?? '').trim(),
		webhookSecret: (given.webhookSecret ?? '').trim(),
	};
}

/** One request, and whatever status it got. Throws only if nobody answered, or nobody could be asked. */
export async function attempt(asker: Asker, { method, to, body, headers, token, item, timeoutMs }: Ask): Promise<Answer> {
	const credential = await credentialOf(asker, item);
	const apiKey = token?.trim() || credential.apiKey;
	if (!apiKey) {
		throw new NodeOperationError(asker.getNode(), 'Nobody to ask as: no run token and no API key', {
			itemIndex: item,
			description: 'Give this item a Run Token, or the credential an API key',
		});
	}
	let response: IN8nHttpFullResponse;
	try {
		response = (await asker.helpers.httpRequestWithAuthentication.call(
			asker,
			CREDENTIAL,
			{
				method,
				url: `${credential.baseUrl}/api/v1${to}`,
				// as text: n8n leaves out an empty object, and a signature is of these very bytes
				body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
				headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
				json: true,
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				sendCredentialsOnCrossOriginRedirect: false,
				timeout: timeoutMs ?? 60_000,
			},
			// each item may have a token of its own
			{ credentialsDecrypted: { id: '', name: '', type: CREDENTIAL, data: { ...credential, apiKey } } },
		)) as IN8nHttpFullResponse;
	} catch (error) {
		throw unreachable(asker.getNode(), credential.baseUrl, error, item);
	}
	return { status: response.statusCode, body: parsed(response.body) };
}

/** One request that has to succeed. */
export async function ask(asker: Asker, what: Ask): Promise<IDataObject | IDataObject[]> {
	const { status, body } = await attempt(asker, what);
	if (status < 200 || status > 299) throw refused(asker.getNode(), problemOf(status, body), what.item);
	return body;
}

/** The same, where the answer is one object. */
export async function askOne(asker: Asker, what: Ask): Promise<IDataObject> {
	const body = await ask(asker, what);
	if (Array.isArray(body)) {
		throw new NodeOperationError(asker.getNode(), 'A list came where one object was expected', {
			itemIndex: what.item,
			description: 'Is this the base URL of YTEMPIRE?',
		});
	}
	return body;
}

function parsed(body: unknown): IDataObject | IDataObject[] {
	if (typeof body === 'object' && body !== null) return body as IDataObject | IDataObject[];
	if (typeof body !== 'string' || body === '') return {};
	try {
		const value: unknown = JSON.parse(body);
		return typeof value === 'object' && value !== null ? (value as IDataObject) : {};
	} catch {
		return {};
	}
}
