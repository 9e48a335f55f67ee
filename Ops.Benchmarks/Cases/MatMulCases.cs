using System.Runtime.CompilerServices;
using Ops.Benchmarks.Machine;
using Ops.Benchmarks.Peers;
using Ops.Kernels;
using Ops.Simd;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>Matrix products. A constant right operand is packed once; ONNX Runtime does so when it loads the model.</summary>
internal static class MatMulCases
{
    public static IEnumerable<BenchmarkCase> All =>
    [
        Packed(1024, 1024, 1024),
        .. BlasLibrary.All.Keys.Select(library => Beside(library, 1024, 1024, 1024)),
        Plain(1024, 1024, 1024),
        Packed(128, 2816, 1024),
        Row(4096, 4096),
    ];

    private static BenchmarkCase Plain(long m, long n, long k) => new("matmul", $"MatMul {m}x{n}x{k}", () => new Subject
    {
        Node = new PeerNode("MatMul", 20),
        Inputs = [[Floats.Random(1, m, k), Floats.Random(2, k, n)]],
        Outputs = [Floats.Empty(m, n)],
        Ours = (x, y) => MatMul.RunInto<float>(x[0].Read(), x[1].Read(), y[0].Write()),
        Tolerance = 1e-3,
    }, Arithmetic(m, n, k));

    private static BenchmarkCase Packed(long m, long n, long k) =>
        new("matmul", $"MatMul {m}x{n}x{k} constant B", () => ConstantB(m, n, k), Arithmetic(m, n, k));

    private static BenchmarkCase Beside(string library, long m, long n, long k) =>
        new("matmul", $"MatMul {m}x{n}x{k} constant B beside {library}", () =>
    {
        BlasLibrary blas = BlasLibrary.All[library].Value!;
        return ConstantB(m, n, k, library, (x, y) => Multiply(blas, x[0], x[1], y[0]));
    }, Arithmetic(m, n, k)) { Lacks = () => BlasLibrary.All[library].Value is null ? $"{library} is not installed" : null };

    private static unsafe void Multiply(BlasLibrary blas, TensorValue a, TensorValue b, TensorValue y) =>
        blas.Multiply((int)a.Dims[0], (int)b.Dims[1], (int)b.Dims[0], (float*)a.Pointer, (float*)b.Pointer, (float*)y.Pointer);

    private static BenchmarkCase Row(long n, long k) =>
        new("matmul", $"MatMul 1x{n}x{k} constant B", () => ConstantB(1, n, k), new Limit(LimitKind.Read, 4.0 * n * k, 4 * n * k),
            Heavy: true);

    private static Limit Arithmetic(long m, long n, long k) => new(LimitKind.Arithmetic, 2.0 * m * n * k);

    private static Subject ConstantB(long m, long n, long k, string? library = null, OurRun? against = null)
    {
        TensorValue b = Floats.Random(2, k, n);
        PackedMatrix<float> packed = Contraction.Pack<float, float>(Operand(b), transposeB: false);
        return new Subject
        {
            Node = new PeerNode("MatMul", 20, Constants: [1]),
            Inputs = [[Floats.Random(1, m, k), b]],
            Outputs = [Floats.Empty(m, n)],
            Ours = (x, y) => Contraction.Run<float, float, Product>(default, Operand(x[0]), transposeA: false, packed,
                Kernels.Operand.Absent, Operand(y[0])),
            Against = against,
            Library = library,
            Owned = packed,
            Tolerance = 1e-3,
        };
    }

    private static unsafe Operand Operand(TensorValue tensor) => new(tensor.Pointer, tensor.Type, tensor.Dims);

    /// <summary>The sums as they are.</summary>
    private readonly struct Product : IContractionKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, T>(V product, V addend)
            where V : struct, ISimd<V, T>
            where T : unmanaged => product;
    }
}
