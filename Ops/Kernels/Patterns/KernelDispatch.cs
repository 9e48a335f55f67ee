using System.Runtime.CompilerServices;
using Ops.Specs;
using Ops.Specs.Types;

namespace Ops.Kernels;

/// <summary>Work on elements whose type only the running program knows.</summary>
internal interface IElementWork
{
    /// <summary>Does it for elements stored as T and computed in C.</summary>
    void Run<T, C>()
        where T : unmanaged
        where C : unmanaged;
}

/// <summary>
/// The loops of the patterns for the element type that an operand has: 16-bit floats compute in float, bools are bytes of 0 and 1.
/// Generated kernels call these.
/// </summary>
public static class KernelDispatch
{
    /// <summary><see cref="Elementwise.Unary{T, C, K}"/> for the type of x.</summary>
    /// <exception cref="OpException">No kernel takes that type.</exception>
    public static void Unary<K>(string op, in K kernel, in Operand x, in Operand y) where K : struct, IUnaryKernel =>
        Run(op, x.Type, new UnaryWork<K>(kernel, x, y, isTest: false));

    /// <summary><see cref="Elementwise.UnaryTest{T, C, K}"/> for the type of x.</summary>
    /// <exception cref="OpException">No kernel takes that type.</exception>
    public static void UnaryTest<K>(string op, in K kernel, in Operand x, in Operand y) where K : struct, IUnaryKernel =>
        Run(op, x.Type, new UnaryWork<K>(kernel, x, y, isTest: true));

    /// <summary><see cref="Elementwise.Binary{T, C, K}"/> for the type of a.</summary>
    /// <exception cref="OpException">No kernel takes that type.</exception>
    public static void Binary<K>(string op, in K kernel, in Operand a, in Operand b, in Operand y) where K : struct, IBinaryKernel =>
        Run(op, a.Type, new BinaryWork<K>(kernel, a, b, y, isTest: false));

    /// <summary><see cref="Elementwise.BinaryTest{T, C, K}"/> for the type of a.</summary>
    /// <exception cref="OpException">No kernel takes that type.</exception>
    public static void BinaryTest<K>(string op, in K kernel, in Operand a, in Operand b, in Operand y) where K : struct, IBinaryKernel =>
        Run(op, a.Type, new BinaryWork<K>(kernel, a, b, y, isTest: true));

    /// <summary><see cref="Elementwise.Ternary{T, C, K}"/> for the type of a.</summary>
    /// <exception cref="OpException">No kernel takes that type.</exception>
    public static void Ternary<K>(string op, in K kernel, in Operand a, in Operand b, in Operand c, in Operand y)
        where K : struct, ITernaryKernel =>
        Run(op, a.Type, new TernaryWork<K>(kernel, a, b, c, y, isSelect: false));

    /// <summary><see cref="Elementwise.Select{T, C, K}"/> for the type of a.</summary>
    /// <exception cref="OpException">No kernel takes that type.</exception>
    public static void Select<K>(string op, in K kernel, in Operand condition, in Operand a, in Operand b, in Operand y)
        where K : struct, ITernaryKernel =>
        Run(op, a.Type, new TernaryWork<K>(kernel, condition, a, b, y, isSelect: true));

    /// <summary><see cref="Elementwise.Variadic{T, C, K}"/> for the type of the first of xs.</summary>
    /// <exception cref="OpException">No kernel takes that type.</exception>
    public static void Variadic<K>(string op, in K kernel, ReadOnlySpan<Operand> xs, in Operand y) where K : struct, IVariadicKernel =>
        Run(op, xs[0].Type, new VariadicWork<K>(kernel, xs, y));

    /// <summary><see cref="Kernels.Reduce.Run{T, C, K}"/> for the type of x.</summary>
    /// <exception cref="OpException">No kernel takes that type.</exception>
    public static void Reduce<K>(string op, in K kernel, in Operand x, ReadOnlySpan<long> axes, in Operand y)
        where K : struct, IReduceKernel =>
        Run(op, x.Type, new ReduceWork<K>(kernel, x, axes, y));

    /// <summary><see cref="Kernels.Rows.Run{C, K}"/> for the type of the first input.</summary>
    /// <exception cref="OpException">No kernel takes that type.</exception>
    public static void Rows<K>(string op, in K kernel, ReadOnlySpan<Operand> inputs, ReadOnlySpan<Operand> outputs, int rowStart,
        int rowRank) where K : struct, IRowKernel
    {
        switch (inputs[0].Type)
        {
            case ElementType.Double: Kernels.Rows.Run<double, K>(kernel, inputs, outputs, rowStart, rowRank); break;
            case ElementType.Float or ElementType.Float16
                or ElementType.BFloat16: Kernels.Rows.Run<float, K>(kernel, inputs, outputs, rowStart, rowRank); break;
            default: throw KernelErrors.UnsupportedType(op, inputs[0].Type);
        }
    }

    /// <summary><see cref="Kernels.Contraction.Run{T, C, K}(in K, in Operand, bool, in Operand, bool, in Operand, in Operand)"/> for the
    /// type of a.</summary>
    /// <exception cref="OpException">No kernel takes that type.</exception>
    public static void Contraction<K>(string op, in K epilogue, in Operand a, bool transposeA, in Operand b, bool transposeB,
        in Operand addend, in Operand y)
        where K : struct, IContractionKernel =>
        Run(op, a.Type, new ContractionWork<K>(epilogue, a, transposeA, b, transposeB, addend, y));

    /// <summary>What a contraction packs of its inputs, in their order: the second one, where it is there and that is worth the
    /// while.</summary>
    /// <exception cref="OpException">No kernel takes that type.</exception>
    public static PackedOperand?[] PackContraction(string op, in Operand b, bool transposeB)
    {
        if (b.IsAbsent || !Kernels.Contraction.IsWorthPacking(b, transposeB)) return [];
        PackedOperand?[] packed = [null, null];
        Run(op, b.Type, new PackWork(b, transposeB, packed));
        return packed;
    }

    private static void Run<W>(string op, ElementType type, in W work)
        where W : struct, IElementWork, allows ref struct
    {
        switch (type)
        {
            case ElementType.Float: work.Run<float, float>(); break;
            case ElementType.Double: work.Run<double, double>(); break;
            case ElementType.Float16: work.Run<Half, float>(); break;
            case ElementType.BFloat16: work.Run<BFloat16, float>(); break;
            case ElementType.Int8: work.Run<sbyte, sbyte>(); break;
            case ElementType.Int16: work.Run<short, short>(); break;
            case ElementType.Int32: work.Run<int, int>(); break;
            case ElementType.Int64: work.Run<long, long>(); break;
            case ElementType.UInt8 or ElementType.Bool: work.Run<byte, byte>(); break;
            case ElementType.UInt16: work.Run<ushort, ushort>(); break;
            case ElementType.UInt32: work.Run<uint, uint>(); break;
            case ElementType.UInt64: work.Run<ulong, ulong>(); break;
            default: throw KernelErrors.UnsupportedType(op, type);
        }
    }

    // Each loop is compiled when it is first called, not with the choice between them.

    private readonly struct UnaryWork<K>(K kernel, Operand x, Operand y, bool isTest) : IElementWork where K : struct, IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Run<T, C>() where T : unmanaged where C : unmanaged
        {
            if (isTest) Elementwise.UnaryTest<T, C, K>(kernel, x, y);
            else Elementwise.Unary<T, C, K>(kernel, x, y);
        }
    }

    private readonly struct BinaryWork<K>(K kernel, Operand a, Operand b, Operand y, bool isTest) : IElementWork
        where K : struct, IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Run<T, C>() where T : unmanaged where C : unmanaged
        {
            if (isTest) Elementwise.BinaryTest<T, C, K>(kernel, a, b, y);
            else Elementwise.Binary<T, C, K>(kernel, a, b, y);
        }
    }

    private readonly struct TernaryWork<K>(K kernel, Operand a, Operand b, Operand c, Operand y, bool isSelect) : IElementWork
        where K : struct, ITernaryKernel
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Run<T, C>() where T : unmanaged where C : unmanaged
        {
            if (isSelect) Elementwise.Select<T, C, K>(kernel, a, b, c, y);
            else Elementwise.Ternary<T, C, K>(kernel, a, b, c, y);
        }
    }

    private readonly ref struct VariadicWork<K>(K kernel, ReadOnlySpan<Operand> xs, Operand y) : IElementWork
        where K : struct, IVariadicKernel
    {
        private readonly ReadOnlySpan<Operand> xs = xs;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Run<T, C>() where T : unmanaged where C : unmanaged => Elementwise.Variadic<T, C, K>(kernel, xs, y);
    }

    private readonly ref struct ReduceWork<K>(K kernel, Operand x, ReadOnlySpan<long> axes, Operand y) : IElementWork
        where K : struct, IReduceKernel
    {
        private readonly ReadOnlySpan<long> axes = axes;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Run<T, C>() where T : unmanaged where C : unmanaged => Kernels.Reduce.Run<T, C, K>(kernel, x, axes, y);
    }

    private readonly struct ContractionWork<K>(K epilogue, Operand a, bool transposeA, Operand b, bool transposeB, Operand addend,
        Operand y) : IElementWork
        where K : struct, IContractionKernel
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Run<T, C>() where T : unmanaged where C : unmanaged =>
            Kernels.Contraction.Run<T, C, K>(epilogue, a, transposeA, b, transposeB, addend, y);
    }

    private readonly struct PackWork(Operand b, bool transposeB, PackedOperand?[] packed) : IElementWork
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Run<T, C>() where T : unmanaged where C : unmanaged => packed[1] = Kernels.Contraction.Pack<T, C>(b, transposeB);
    }
}
