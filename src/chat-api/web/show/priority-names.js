export const priorityNames = { HIGH: 'High', MEDIUM: 'Medium', LOW: 'Low' };
