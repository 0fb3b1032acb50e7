import { ClientPage } from './client/clientPage';
import { OperationPage } from './operation/operationPage';
import { startPage } from './startPage';

// The pages that are small. Fleet Overview has a script of its own, because of its charts.
if (document.body.dataset['page'] === 'client') {
  startPage('client', (root, state, deps) => new ClientPage(root, state, deps));
} else {
  startPage('operation', (root, state, deps) => new OperationPage(root, state, deps));
}
