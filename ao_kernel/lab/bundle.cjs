// Modules are numbered in the order in which they are met: by default a number depends on the folder that is built in.
module.exports = { optimization: { moduleIds: 'natural' } };
