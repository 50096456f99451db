import { createHmac, timingSafeEqual } from 'crypto';

/** Seconds that the clocks of sender and receiver may differ (Standard Webhooks). */
export const WINDOW_S = 300;

export interface Signed {
	id: string;
	timestamp: string;
	signature: string;
	body: string | Buffer;
}

/** `v1,<base64 of HMAC-SHA256 over "id.timestamp.body">`, the key being the Base64 part after `whsec_`. */
export function signatureOf({ id, timestamp, body }: Omit<Signed, 'signature'>, secret: string): string {
	return `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

/** Why a message is not to be believed; undefined: it is from whoever has the secret, and from now. */
export function distrusted(message: Signed, secret: string, nowS: number): string | undefined {
	const { id, timestamp, signature } = message;
	if (!id || !timestamp || !signature) return 'unsigned';
	if (!/^\d+$/.test(timestamp) || Math.abs(nowS - Number(timestamp)) > WINDOW_S) return 'stale';
	if (keyOf(secret).length === 0) return 'no secret to check it with';
	const expected = Buffer.from(signatureOf(message, secret));
	// while a secret is changed, a message bears one signature by each
	const fits = signature.split(' ').some((one) => {
		const given = Buffer.from(one);
		return given.length === expected.length && timingSafeEqual(given, expected);
	});
	return fits ? undefined : 'forged';
}

function keyOf(secret: string): Buffer {
	return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}
