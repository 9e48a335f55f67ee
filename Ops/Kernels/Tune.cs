namespace Ops.Kernels;
internal static class Tune { public static readonly int K = int.Parse(Environment.GetEnvironmentVariable("TK") ?? "1"), V = int.Parse(Environment.GetEnvironmentVariable("TV") ?? "1"); }
