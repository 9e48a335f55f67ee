PagedDecode.Run(Console.Out);
