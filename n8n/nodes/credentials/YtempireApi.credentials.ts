import type { IAuthenticateGeneric, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

export class YtempireApi implements ICredentialType {
	name = 'ytempireApi';

	displayName = 'YTEMPIRE API';

	icon = { light: 'file:../icons/ytempire.svg', dark: 'file:../icons/ytempire.dark.svg' } as const;

	documentationUrl = 'https://ytempire.example/n8n-nodes#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'http://127.0.0.1:8000',
			required: true,
			description: 'Where YTEMPIRE answers, without /api/v1; <code>ytempire up</code> prints it',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'An API key (yte_…), or an expression that gives a run token (ytr_…). A Run Token in a node goes before it.',
		},
		{
			displayName: 'Webhook Secret',
			name: 'webhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Signs what Report tells YTEMPIRE (whsec_…). Triggers only need it for webhooks that they did not make themselves.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: {
			headers: {
				Authorization: '=Bearer {{$credentials.apiKey}}',
			},
		},
	};

	// 403: the key is known, it just may not read the account (n8n's own key has the scope `drive` and no other).
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl.replace(new RegExp("/+$"), "")}}',
			url: '/api/v1/users/me',
			ignoreHttpStatusErrors: { ignore: true, except: [400, 401, 404, 405, 429, 500, 502, 503, 504] },
		},
		rules: [
			{
				type: 'responseCode',
				properties: { value: 401, message: 'YTEMPIRE does not know this key, or it has ended' },
			},
			{
				type: 'responseCode',
				properties: { value: 404, message: 'Something else answers at this base URL' },
			},
		],
	};
}
