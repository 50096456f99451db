import { EventEmitter } from 'node:events';

import { NodeApiError, Workflow } from 'n8n-workflow';
import type {
	IAuthenticateGeneric,
	IDataObject,
	IExecuteFunctions,
	IHookFunctions,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypes,
	IWebhookFunctions,
	IWebhookResponseData,
	JsonObject,
	NodeParameterValueType,
} from 'n8n-workflow';

import { YtempireApi } from '../credentials/YtempireApi.credentials';

/** What n8n does around a node, as far as these nodes use it: fields and their defaults and expressions are resolved
 * by n8n's own code, requests really go out. */
export interface Setting {
	parameters: INodeParameters;
	items?: IDataObject[];
	credential: { baseUrl: string; apiKey?: string; webhookSecret?: string };
	runIndex?: number;
	goesOn?: boolean;
	asTool?: boolean;
}

export const EXECUTION = '231';
export const NODE_ID = '8f0c2a52-1d7e-4d0b-9d0f-0a1b2c3d4e5f';
export const RESUME_URL = `http://n8n.test/webhook-waiting/${EXECUTION}?signature=abc`;

export class Host {
	readonly node: INode;
	readonly staticData: IDataObject = {};
	waitsUntil: Date | undefined;
	private readonly workflow: Workflow;
	private readonly items: INodeExecutionData[];

	constructor(
		private readonly type: INodeType,
		private readonly setting: Setting,
	) {
		const { name, version } = type.description;
		const parameters = setting.parameters;
		this.node = { id: NODE_ID, name: 'Node', type: name, typeVersion: Number(version), position: [0, 0], parameters };
		const nodeTypes = { getByNameAndVersion: () => type, getByName: () => type, getKnownTypes: () => ({}) } as INodeTypes;
		this.workflow = new Workflow({ id: 'wf1', name: 'Daily', nodes: [this.node], connections: {}, active: true, nodeTypes });
		this.items = (setting.items ?? [{}]).map((json) => ({ json }));
	}

	async execute(): Promise<INodeExecutionData[][]> {
		return (await this.type.execute?.call(this.executeFunctions())) as INodeExecutionData[][];
	}

	/** Items by output, without the pairing. */
	async run(): Promise<IDataObject[][]> {
		return (await this.execute()).map((output) => output.map(({ json }) => json));
	}

	async hook(name: 'checkExists' | 'create' | 'delete', url: string): Promise<boolean> {
		const methods = this.type.webhookMethods?.default;
		const hooks = {
			...this.common(),
			getNodeParameter: (field: string, fallback?: unknown) => this.value(field, 0, fallback),
			getNodeWebhookUrl: () => url,
			getWorkflowStaticData: () => this.staticData,
		};
		return (await methods?.[name].call(hooks as unknown as IHookFunctions)) ?? false;
	}

	/** A call from outside: what the node made of it, and what was answered if not by n8n. */
	async call(body: string, headers: Record<string, string> = {}): Promise<Called> {
		const answered: Called = { given: {} };
		const response = {
			status: (code: number) => ((answered.status = code), response),
			json: (said: unknown) => ((answered.said = said), response),
		};
		const request = Object.assign(new EventEmitter(), { headers, rawBody: Buffer.from(body), method: 'POST' });
		const functions = {
			...this.common(),
			getNodeParameter: (field: string, fallback?: unknown) => this.value(field, 0, fallback),
			getBodyData: () => JSON.parse(body) as IDataObject,
			getHeaderData: () => headers,
			getRequestObject: () => request,
			getResponseObject: () => response,
			getWorkflowStaticData: () => this.staticData,
		};
		answered.given = (await this.type.webhook?.call(functions as unknown as IWebhookFunctions)) ?? {};
		return answered;
	}

	private executeFunctions(): IExecuteFunctions {
		return {
			...this.common(),
			getInputData: () => this.items,
			getNodeParameter: (field: string, item: number, fallback?: unknown) => this.value(field, item, fallback),
			evaluateExpression: (expression: string, item: number) => this.resolved(`=${expression}`, item),
			continueOnFail: () => this.setting.goesOn ?? false,
			isToolExecution: () => this.setting.asTool ?? false,
			putExecutionToWait: (until: Date) => Promise.resolve(void (this.waitsUntil = until)),
			getExecuteData: () => undefined,
		} as unknown as IExecuteFunctions;
	}

	private common() {
		return {
			getNode: () => this.node,
			getWorkflow: () => ({ id: 'wf1', name: 'Daily', active: true }),
			getExecutionId: () => EXECUTION,
			getCredentials: () => Promise.resolve(this.credential()),
			helpers: {
				returnJsonArray: (json: IDataObject | IDataObject[]) => [json].flat().map((one) => ({ json: one })),
				httpRequestWithAuthentication: (
					_: string,
					options: IHttpRequestOptions,
					more?: { credentialsDecrypted?: { data?: IDataObject } },
				) => this.request(options, more?.credentialsDecrypted?.data ?? this.credential()),
			},
		};
	}

	private credential(): IDataObject {
		return { apiKey: '', webhookSecret: '', ...this.setting.credential };
	}

	private value(field: string, item: number, fallback?: unknown): unknown {
		const held = field
			.split('.')
			.reduce<unknown>((at, part) => (at as IDataObject | undefined)?.[part], this.workflow.nodes.Node?.parameters);
		if (held === undefined && fallback === undefined) throw new Error(`Could not get parameter "${field}"`);
		return held === undefined ? fallback : this.resolved(held as NodeParameterValueType, item);
	}

	private resolved(value: NodeParameterValueType, item: number): unknown {
		return this.workflow.expression.getParameterValue(
			value,
			null,
			this.setting.runIndex ?? 0,
			item,
			this.node.name,
			this.items,
			'trigger',
			{ $executionId: EXECUTION, $execution: { id: EXECUTION, mode: 'production', resumeUrl: RESUME_URL, resumeFormUrl: '' } },
		);
	}

	private async request(options: IHttpRequestOptions, credential: IDataObject) {
		const { properties } = new YtempireApi().authenticate as IAuthenticateGeneric;
		const headers = { ...(options.headers as Record<string, string>) };
		for (const [name, value] of Object.entries(properties.headers ?? {})) {
			headers[name] = String(value).slice(1).replace('{{$credentials.apiKey}}', String(credential.apiKey));
		}
		try {
			return await fetched(options, headers);
		} catch (error) {
			// n8n's own wrapping holds the whole request, with its headers
			const cause = Object.assign(error as Error, { config: { headers }, code: (error as { cause?: { code?: string } }).cause?.code });
			throw new NodeApiError(this.node, cause as unknown as JsonObject);
		}
	}
}

export interface Called {
	given: IWebhookResponseData;
	status?: number;
	said?: unknown;
}

async function fetched({ url, method, body }: IHttpRequestOptions, headers: Record<string, string>) {
	const response = await fetch(url, { method, headers, body: body as string | undefined, redirect: 'manual' });
	const text = await response.text();
	let read: unknown = text;
	try {
		read = JSON.parse(text);
	} catch {
		// not JSON: n8n gives the text
	}
	return { statusCode: response.status, headers: {}, body: read };
}
