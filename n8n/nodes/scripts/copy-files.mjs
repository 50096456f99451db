// Beside the compiled code n8n wants the icons and, next to each node, its codex file.
import { copyFileSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

cpSync('icons', 'dist/icons', { recursive: true });
for (const folder of readdirSync('nodes')) {
	for (const file of readdirSync(join('nodes', folder))) {
		if (file.endsWith('.node.json')) copyFileSync(join('nodes', folder, file), join('dist/nodes', folder, file));
	}
}
