using BenchmarkDotNet.Running;

if (args is not ["micro", ..])
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project Ops.Benchmarks -- micro [options of BenchmarkDotNet]; for ops and peers there is opspec bench");
    return 2;
}
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args[1..] is { Length: > 0 } rest ? rest : ["--filter", "*"]);
return 0;
