import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
	method: string;
	path: string;
	headers: IncomingHttpHeaders;
	raw: string;
	body: unknown;
}

type Answered = [status: number, body?: unknown];
type Route = (asked: Asked) => Answered;

/** A server where YTEMPIRE would be: keeps what it was asked, and answers what a test tells it to. */
export class Door {
	readonly asked: Asked[] = [];
	private routes = new Map<string, Route>();

	private constructor(private readonly server: Server) {}

	static async open(): Promise<Door> {
		const server = createServer();
		const door = new Door(server);
		server.on('request', (request, response) => {
			const parts: Buffer[] = [];
			request.on('data', (part: Buffer) => parts.push(part));
			request.on('end', () => {
				const raw = Buffer.concat(parts).toString();
				const { method = '', url: path = '', headers } = request;
				const asked = { method, path, headers, raw, body: raw === '' ? undefined : (JSON.parse(raw) as unknown) };
				door.asked.push(asked);
				const route = door.routes.get(`${method} ${path}`);
				const [status, body] = route?.(asked) ?? problem(404, 'not_found', 'No such route');
				response.writeHead(status, { 'Content-Type': status > 399 ? 'application/problem+json' : 'application/json' });
				response.end(body === undefined ? '' : JSON.stringify(body));
			});
		});
		await new Promise<void>((opened) => server.listen(0, '127.0.0.1', opened));
		return door;
	}

	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	/** `to('GET /videos/v1', 200, {…})`, or a function that looks at the request. */
	to(what: string, answer: Route | number, body?: unknown): this {
		const [method = '', path = ''] = what.split(' ');
		this.routes.set(`${method} /api/v1${path}`, typeof answer === 'number' ? () => [answer, body] : answer);
		return this;
	}

	last(): Asked {
		const asked = this.asked.at(-1);
		if (!asked) throw new Error('nothing was asked');
		return asked;
	}

	forget(): void {
		this.asked.length = 0;
		this.routes.clear();
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((closed) => this.server.close(closed));
	}
}

export function problem(status: number, code: string, detail: string, more = {}): Answered {
	return [status, { type: 'about:blank', title: code, status, code, detail, ...more }];
}
