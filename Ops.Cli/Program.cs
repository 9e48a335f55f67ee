using Ops.Cli.Commands;

return await OpspecCommand.Run(args);
