using System.Runtime.CompilerServices;
using Ops.Simd;

namespace Ops.Kernels;

/// <summary>What stands between an expert's two products, on a tile that is in the nearest cache.</summary>
internal abstract unsafe class ExpertActivation
{
    /// <summary>Replaces gates by results.</summary>
    /// <param name="gate">The gates; where the experts are not gated, the only input.</param>
    /// <param name="up">The other factors, or null.</param>
    /// <param name="count">How many, a multiple of two vectors.</param>
    public abstract void Run(float* gate, float* up, int count);

    /// <summary>The activation of a name that the op has.</summary>
    public static ExpertActivation Of<V>(string name, double alpha, double limit)
        where V : struct, ISimd<V, float> => name switch
        {
            "identity" => Map<V, IdentityMap>.Plain,
            "relu" => Map<V, ReluMap>.Plain,
            "relu2" => Map<V, SquaredReluMap>.Plain,
            "gelu" => Map<V, GeluMap>.Plain,
            "gelu_tanh" => Map<V, TanhGeluMap>.Plain,
            "silu" => Map<V, SiluMap>.Plain,
            "swiglu" => Map<V, SwiGluMap>.Plain,
            "geglu" => Map<V, GeGluMap>.Plain,
            "swigluoai" => new Map<V, OpenSwiGluMap>(new OpenSwiGluMap(alpha, limit)),
            _ => throw new ArgumentException($"There is no activation '{name}'.", nameof(name)),
        };

    private interface IMap
    {
        V Apply<V>(V gate, V up)
            where V : struct, ISimd<V, float>;
    }

    private sealed class Map<V, M>(M map) : ExpertActivation
        where V : struct, ISimd<V, float>
        where M : struct, IMap
    {
        public static readonly Map<V, M> Plain = new(default);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(float* gate, float* up, int count)
        {
            M own = map;
            if (up == null) up = gate;
            for (int i = 0; i < count; i += 2 * V.Count)
            {
                V first = own.Apply(V.Load(gate + i), V.Load(up + i));
                V second = own.Apply(V.Load(gate + i + V.Count), V.Load(up + i + V.Count));
                V.Store(first, gate + i);
                V.Store(second, gate + i + V.Count);
            }
        }
    }

    private readonly struct IdentityMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V gate, V up) where V : struct, ISimd<V, float> => gate;
    }

    private readonly struct ReluMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V gate, V up) where V : struct, ISimd<V, float> => V.Max(gate, V.Zero);
    }

    private readonly struct SquaredReluMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V gate, V up) where V : struct, ISimd<V, float>
        {
            V positive = V.Max(gate, V.Zero);
            return positive * positive;
        }
    }

    private readonly struct GeluMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V gate, V up) where V : struct, ISimd<V, float> => Activations.Gelu<V, float>(gate);
    }

    private readonly struct TanhGeluMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V gate, V up) where V : struct, ISimd<V, float> => Activations.GeluTanh<V, float>(gate);
    }

    private readonly struct SiluMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V gate, V up) where V : struct, ISimd<V, float> => gate * Activations.Sigmoid<V, float>(gate);
    }

    private readonly struct SwiGluMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V gate, V up) where V : struct, ISimd<V, float> => gate * Activations.Sigmoid<V, float>(gate) * up;
    }

    private readonly struct GeGluMap : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V gate, V up) where V : struct, ISimd<V, float> => Activations.Gelu<V, float>(gate) * up;
    }

    private readonly struct OpenSwiGluMap(double alpha, double limit) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V gate, V up) where V : struct, ISimd<V, float>
        {
            V high = V.Constant(limit);
            gate = V.Min(gate, high);
            up = V.Min(V.Max(up, -high), high);
            return gate * Activations.Sigmoid<V, float>(V.Constant(alpha) * gate) * (up + V.Constant(1));
        }
    }
}
