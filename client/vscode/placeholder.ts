export const placeholder = 'client/vscode';
