using Ops.Simd;

namespace Ops.Kernels;

/// <summary>A function of one element. Implementations are readonly structs whose fields are the attributes.</summary>
public interface IUnaryKernel
{
    /// <summary>The function, on every lane at once.</summary>
    V Apply<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged;
}

/// <summary>A function of two elements.</summary>
public interface IBinaryKernel
{
    /// <summary>The function, on every lane at once.</summary>
    V Apply<V, T>(V x, V y)
        where V : struct, ISimd<V, T>
        where T : unmanaged;
}

/// <summary>A function of three elements.</summary>
public interface ITernaryKernel
{
    /// <summary>The function, on every lane at once.</summary>
    V Apply<V, T>(V x, V y, V z)
        where V : struct, ISimd<V, T>
        where T : unmanaged;
}

/// <summary>A fold over the elements that any number of operands have at one place.</summary>
public interface IVariadicKernel
{
    /// <summary>Takes one more element in; the first operand's element is the first accumulator.</summary>
    V Combine<V, T>(V accumulator, V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged;

    /// <summary>The result after all <paramref name="count"/> operands.</summary>
    V Finish<V, T>(V accumulator, V count)
        where V : struct, ISimd<V, T>
        where T : unmanaged;
}
